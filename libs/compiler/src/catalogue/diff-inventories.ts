import type { ApiChange, ApiEntry, CatalogueChanges, Operation, PlanChange, PlanEntry } from '@gitway/contracts';
import { diffOperations } from '@gitway/plan';
import { compare } from '../findings.ts';
import type { Inventory } from './inventory.ts';

/** How much of a difference is listed; all of it is counted. */
export interface DiffLimits {
  readonly apis: number;
  readonly operationsOfApi: number;
  readonly plans: number;
}
export const diffLimits: DiffLimits = { apis: 200, operationsOfApi: 100, plans: 200 };

/** What differs for callers and for gateways between two inventories of an environment. */
export function diffInventories(before: Inventory, after: Inventory, limits = diffLimits): CatalogueChanges {
  const apis = pairs(before.apis, after.apis).flatMap(([old, now]) => diffApis(old, now, limits) ?? []);
  const of = (change: ApiChange['change']) => apis.filter((each) => each.change === change).length;
  return {
    counts: { added: of('added'), changed: of('changed'), removed: of('removed') },
    apis: apis.slice(0, limits.apis),
    plans: pairs(before.plans, after.plans)
      .flatMap(([old, now]) => diffPlans(old, now) ?? [])
      .slice(0, limits.plans),
  };
}

/** @returns undefined where nothing differs */
export function diffApis(
  before: ApiEntry | undefined,
  after: ApiEntry | undefined,
  limits: Pick<DiffLimits, 'operationsOfApi'> = diffLimits,
): ApiChange | undefined {
  const known = after ?? before;
  if (known === undefined) return undefined;
  const none = { added: 0, changed: 0, removed: 0 };
  if (before === undefined || after === undefined) {
    const change = before === undefined ? 'added' : 'removed';
    const operationCounts = { ...none, [change]: known.operations.length };
    return { api: known.name, change, fields: [], operations: [], operationCounts };
  }
  const fields = diffFields(before, after);
  const operations = listOperations(before.operations, after.operations);
  if (fields.length === 0 && operations.length === 0) return undefined;
  const operationCounts = { ...none };
  for (const { change } of operations) operationCounts[change] += 1;
  const listed = operations.slice(0, limits.operationsOfApi);
  return { api: known.name, change: 'changed', fields, operations: listed, operationCounts };
}

/** Every field of an entry that is not its operations, in words. */
const fieldsOf = (entry: ApiEntry): Record<string, string | null> => ({
  title: entry.title,
  version: entry.version,
  lifecycle: entry.lifecycle,
  visibility: entry.visibility,
  owner: entry.owner,
  labels: listed(Object.entries(entry.labels).map(([key, value]) => `${key}=${value}`)),
  'exposure.hosts': entry.exposure.hosts.length === 0 ? 'any host' : entry.exposure.hosts.join(', '),
  'exposure.basePath': entry.exposure.basePath,
  'exposure.keepBasePath': String(entry.exposure.keepBasePath),
  'policy.auth': entry.policy.auth,
  'policy.rateLimit': entry.policy.rateLimit,
  'policy.timeouts': entry.policy.timeouts,
  plans: listed(entry.plans),
  documentation: entry.documentation,
});

function diffFields(before: ApiEntry, after: ApiEntry): ApiChange['fields'] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const fields = Object.keys(now).flatMap((field) => {
    const [from, to] = [old[field] ?? null, now[field] ?? null];
    return from === to ? [] : [{ field, from: cut(from), to: cut(to) }];
  });
  const pools = pairs(before.pools, after.pools).flatMap(([from, to]) => {
    const [was, is] = [poolWords(from), poolWords(to)];
    return was === is ? [] : [{ field: `pools.${(to ?? from)!.name}`, from: was, to: is }];
  });
  const all = [...fields, ...pools];
  // What is not told in words (the address of a target, the path of a health check) is a change all the same.
  if (all.length === 0 && before.unit !== after.unit && sameOperations(before, after))
    return [{ field: 'pools', from: null, to: 'other addresses or health checks' }];
  return all;
}

const sameOperations = (before: ApiEntry, after: ApiEntry) =>
  listOperations(before.operations, after.operations).length === 0;

function poolWords(pool: ApiEntry['pools'][number] | undefined): string | null {
  if (pool === undefined) return null;
  const { weight, targets, healthChecked } = pool;
  return `weight ${weight}, ${targets === 1 ? '1 target' : `${targets} targets`}, ${healthChecked ? 'health-checked' : 'not health-checked'}`;
}

/** What a plan tells of operations, as the catalogue keeps it: one that moved or is called otherwise has changed. */
function listOperations(before: readonly Operation[], after: readonly Operation[]): ApiChange['operations'] {
  const { added, removed, moved, renamed } = diffOperations(before.map(bare), after.map(bare));
  const changes: ApiChange['operations'] = [
    ...added.map((operation) => ({ change: 'added' as const, operation, before: null })),
    ...removed.map((operation) => ({ change: 'removed' as const, operation, before: operation })),
    ...[...moved, ...renamed].map(({ from, to }) => ({ change: 'changed' as const, operation: to, before: from })),
  ];
  return changes.sort(
    (a, b) => compare(a.operation.path, b.operation.path) || compare(a.operation.method, b.operation.method),
  );
}

const bare = ({ id, method, path }: Operation): Operation => ({ id, method, path });

function diffPlans(before: PlanEntry | undefined, after: PlanEntry | undefined): PlanChange | undefined {
  const [from, to] = [before?.rateLimit ?? null, after?.rateLimit ?? null];
  if (before !== undefined && after !== undefined && from === to) return undefined;
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return { plan: (after ?? before)!.name, change, from, to };
}

/** What stands under one name on both sides, by name. */
function pairs<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): [T | undefined, T | undefined][] {
  const [old, now] = [before, after].map((side) => new Map(side.map((each) => [each.name, each])));
  const names = [...new Set([...old!.keys(), ...now!.keys()])].sort(compare);
  return names.map((name) => [old!.get(name), now!.get(name)]);
}

const listed = (words: readonly string[]) => (words.length === 0 ? null : [...words].sort(compare).join(', '));
const cut = (text: string | null) => (text === null || text.length <= 500 ? text : `${text.slice(0, 499)}…`);
