import type { ConsumerEntry, Unit } from '@gitway/contracts';
import type { Capability, DriverProblem, SnapshotUnit } from './driver.ts';

interface Part {
  readonly kind: string;
  readonly name: string;
  readonly value: Unit | ConsumerEntry;
}

/**
 * Everything that the units ask for and a row of the table answers with `no`: what is not there, null, 0 or empty
 * asks for nothing. A row `api policy.auth.kind=jwt` is about one value alone.
 */
export function unsupportedFields(
  units: readonly SnapshotUnit[],
  gateway: string,
  capabilities: readonly Capability[],
): DriverProblem[] {
  const rows = capabilities
    .filter(({ support }) => support === 'no')
    .map(({ field, how }) => {
      const [kind = '', path = ''] = field.split(' ');
      const [steps = '', wanted] = path.split('=');
      return { kind, steps: steps.split('.'), wanted, how };
    });
  let kept = known.get(capabilities);
  if (kept === undefined) known.set(capabilities, (kept = new WeakMap()));
  const memory = kept;
  return partsOf(units, gateway).flatMap(({ kind, name, value }) => {
    let problems = memory.get(value);
    if (problems === undefined) {
      problems = rows
        .filter((row) => row.kind === kind)
        .flatMap(({ steps, wanted, how }) =>
          [...find(value, steps, ''), ...inOperations(value, steps)]
            .filter(({ found }) => (wanted === undefined ? asks(found) : found === wanted))
            .map(({ field }) => ({
              unit: `${kind} ${name}`,
              field,
              message: `${field}${wanted === undefined ? '' : `=${wanted}`}: ${how}`,
            })),
        );
      memory.set(value, problems);
    }
    return problems;
  });
}

/** What a table says of a unit; units are never changed, and most of them outlive a commit. */
const known = new WeakMap<readonly Capability[], WeakMap<Unit | ConsumerEntry, readonly DriverProblem[]>>();

/** Another gateway's listeners are no business of this one. */
function partsOf(units: readonly SnapshotUnit[], gateway: string): Part[] {
  return units.flatMap(({ unit }): Part[] => {
    if (unit.kind === 'consumers') {
      return unit.consumers.map((consumer) => ({ kind: 'consumer', name: consumer.name, value: consumer }));
    }
    if (unit.kind === 'gateway' && unit.name !== gateway) return [];
    return [{ kind: unit.kind, name: unit.name, value: unit }];
  });
}

/** What is possible for an API or not, is so for each of its operations. */
function inOperations(value: unknown, [first, ...steps]: readonly string[]): { field: string; found: unknown }[] {
  if (first !== 'policy') return [];
  const { policy } = value as { policy?: { operations?: Readonly<Record<string, unknown>> } };
  return Object.entries(policy?.operations ?? {}).flatMap(([id, own]) => find(own, steps, `policy.operations.${id}`));
}

/** Every value at a path, with its place; lists are looked through. */
function find(value: unknown, steps: readonly string[], at: string): { field: string; found: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => find(item, steps, `${at}[${index}]`));
  const [step, ...rest] = steps;
  if (step === undefined) return [{ field: at, found: value }];
  if (typeof value !== 'object' || value === null) return [];
  const inner = (value as Record<string, unknown>)[step];
  const field = at === '' ? step : `${at}.${step}`;
  if (rest.length === 0)
    return Array.isArray(inner) ? (inner.length > 0 ? whole(inner, field) : []) : [{ field, found: inner }];
  return find(inner, rest, field);
}

/** A list of things is one thing asked for; a list of plain values is looked at value by value. */
function whole(list: readonly unknown[], field: string): { field: string; found: unknown }[] {
  if (typeof list[0] === 'object') return [{ field, found: list }];
  return list.map((found, index) => ({ field: `${field}[${index}]`, found }));
}

function asks(found: unknown): boolean {
  if (found === undefined || found === null || found === false || found === 0) return false;
  return typeof found !== 'object' || Object.keys(found).length > 0;
}
