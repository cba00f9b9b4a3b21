import { isDeepStrictEqual } from 'node:util';
import type { Location } from '@gitway/contracts';
import {
  isKind,
  locationOf,
  variablePattern,
  type EnvironmentResource,
  type Kind,
  type Patch,
  type Path,
  type Resource,
} from '@gitway/resources';
import { fieldOf } from '../environment/unit-source.ts';
import { sets, targets } from '../environment/fill-in.ts';
import type { ParitySide } from './parity.ts';

export interface Origin {
  readonly declared: boolean;
  readonly by: readonly { readonly what: string; readonly where: Location }[];
}

type Cause = Origin['by'][number];
const MAX_CAUSES = 5;

/** What makes two environments differ in a field: patches and variables of either, or nothing that anybody declared. */
export class Origins {
  private readonly sides: readonly ParitySide[];

  constructor(a: ParitySide, b: ParitySide) {
    this.sides = [a, b];
  }

  /** Only one side has the thing. */
  ofPresence(unit: string): Origin {
    const [kind, name] = namesOf(unit);
    if (kind === 'Gateway') return { declared: true, by: this.#sayings(['spec', 'gateways']) };
    if (kind === 'Notification' && this.#sameWords(kind, name)) {
      const resource = this.sides[0]!.index.get(kind, name)!.resource;
      const where = locationOf(resource, ['spec', 'match'], 'key');
      return { declared: true, by: [{ what: `match of Notification/${name}`, where }] };
    }
    const by = this.sides.flatMap(({ index }): Cause[] => {
      const resource = kind === undefined ? undefined : index.get(kind, name)?.resource;
      return resource === undefined
        ? []
        : [{ what: `${kind}/${name}`, where: locationOf(resource, ['metadata', 'name']) }];
    });
    return { declared: false, by: once(by) };
  }

  ofField(unit: string, field: string): Origin {
    const [kind, name] = namesOf(unit);
    const path = authored(field);
    if (kind === 'Environment') return { declared: true, by: this.#sayings(path) };
    const causes = this.sides.flatMap((side, number) => {
      const other = this.sides[1 - number]!;
      return kind === undefined
        ? []
        : [...this.#inResource(side, other, kind, name, path), ...inherited(side, other, kind, name, path)];
    });
    if (causes.length > 0) return { declared: true, by: once(causes) };
    // Both were made from the same words, so what differs was declared, if by something that lies further off.
    if (kind !== undefined && !/^(openapi|operations)\b/.test(field) && this.#sameWords(kind, name)) {
      return { declared: true, by: this.#sayings(['spec', 'patches'], ['spec', 'variables']) };
    }
    const by = this.sides.flatMap(({ index }): Cause[] => {
      const resource = kind === undefined ? undefined : index.get(kind, name)?.resource;
      if (resource === undefined) return [];
      const written = forms(path).find((each) => nearest(resource.value, each) !== undefined) ?? path;
      return [{ what: `${kind}/${name}`, where: locationOf(resource, written) }];
    });
    return { declared: false, by: once(by) };
  }

  #inResource(side: ParitySide, other: ParitySide, kind: Kind, name: string, path: Path): Cause[] {
    const resource = side.index.get(kind, name)?.resource;
    return resource === undefined ? [] : causesIn(side, other, resource, path);
  }

  /** Where the environments themselves say it. */
  #sayings(...paths: Path[]): Cause[] {
    return this.sides.flatMap((side): Cause[] => {
      const resource = environmentOf(side);
      if (resource === undefined) return [];
      const path = paths.find((each) => valueAt(resource.value, each) !== undefined);
      if (path === undefined) return [];
      return [
        {
          what: `${path.slice(1).join('.')} of Environment/${side.environment}`,
          where: locationOf(resource, path, 'key'),
        },
      ];
    });
  }

  #sameWords(kind: Kind, name: string): boolean {
    const [a, b] = this.sides.map(({ index }) => index) as [ParitySide['index'], ParitySide['index']];
    if (a === b) return true;
    const same = (each: Kind, called: string) =>
      isDeepStrictEqual(a.get(each, called)?.resource.value, b.get(each, called)?.resource.value);
    const all = (each: Kind) => {
      const names = new Set([...a.all(each), ...b.all(each)].map(({ resource }) => resource.name));
      return [...names].every((called) => same(each, called));
    };
    return same(kind, name) && all('Policy') && all('Plan');
  }
}

/** Patches that set the field, and variables that stand in it and have other values on the other side. */
function causesIn(side: ParitySide, other: ParitySide, resource: Resource, asked: Path): Cause[] {
  const environment = environmentOf(side);
  if (environment === undefined) return [];
  const spec = environment.value.spec as EnvironmentResource['spec'];
  const causes: Cause[] = [];
  (spec.patches ?? []).forEach((patch: Patch, number) => {
    const path = forms(asked).find((each) => sets(patch.merge, each));
    if (path === undefined || !targets(patch, resource)) return;
    const about =
      patch.target.name === undefined || resource.kind !== 'Api' ? ` (${resource.kind}/${resource.name})` : '';
    const where = locationOf(environment, ['spec', 'patches', number, 'merge', ...path]);
    causes.push({ what: `patch ${number + 1} of Environment/${side.environment}${about}`, where });
  });
  const values = (each: ParitySide) =>
    (environmentOf(each)?.value.spec as EnvironmentResource['spec'] | undefined)?.variables ?? {};
  const [here, there] = [values(side), values(other)];
  for (const variable of variablesIn(forms(asked).map((path) => nearest(resource.value, path)))) {
    if (!Object.hasOwn(here, variable) || here[variable] === there[variable]) continue;
    const where = locationOf(environment, ['spec', 'variables', variable]);
    causes.push({ what: `variable ${variable} of Environment/${side.environment}`, where });
  }
  return causes;
}

/** An API inherits from policies and is opened by plans: what changes those changes it. */
function inherited(side: ParitySide, other: ParitySide, kind: Kind, name: string, path: Path): Cause[] {
  if (kind !== 'Api') return [];
  const api = side.index.get(kind, name)?.resource;
  if (api === undefined) return [];
  const [, section, ...rest] = path;
  if (section === 'plans') {
    return side.index.all('Plan').flatMap(({ resource }) => causesIn(side, other, resource, ['spec', 'apis']));
  }
  if (section !== 'policy') return [];
  const attached = causesIn(side, other, api, ['spec', 'policies']);
  const policies = side.index
    .all('Policy')
    .flatMap(({ resource }) => [
      ...causesIn(side, other, resource, ['spec', ...rest]),
      ...causesIn(side, other, resource, ['spec', 'selector']),
    ]);
  return [...attached, ...policies];
}

const kinds: Readonly<Record<string, Kind>> = {
  api: 'Api',
  plan: 'Plan',
  consumer: 'Consumer',
  gateway: 'Gateway',
  environment: 'Environment',
};

function namesOf(unit: string): [Kind | undefined, string] {
  const [kind = '', name = ''] = unit.split(' ');
  const known = kinds[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return [isKind(known) ? known : undefined, name];
}

/** Where a resource says what a field of its unit says, as far as names tell: `pools[stable].weight` → upstream, pools. */
const authored = (field: string): Path => fieldOf(field.replace(/ \(order\)$/, '').replaceAll(/\[([^\]]*)\]/g, '.$1'));

/** A unit has lists where a resource may name a single one: `rateLimits` may have been written as `rateLimit`. */
function forms(path: Path): Path[] {
  const at = path.findIndex((step) => step === 'rateLimits' || step === 'quotas');
  return at === -1 ? [path] : [path, [...path.slice(0, at), String(path[at]).slice(0, -1)]];
}

const environmentOf = ({ environment, index }: ParitySide) => index.get('Environment', environment)?.resource;

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      typeof current === 'object' && current !== null && Object.hasOwn(current, step)
        ? (current as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

/** The value at a path; where it leads into a list by name, the list. */
function nearest(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) return current;
    current = valueAt(current, [step]);
  }
  return current;
}

function variablesIn(value: unknown): Set<string> {
  const text = value === undefined ? '' : JSON.stringify(value);
  return new Set([...text.matchAll(variablePattern)].map((match) => match[1]!));
}

function once(causes: readonly Cause[]): Cause[] {
  return [
    ...new Map(causes.map((cause) => [`${cause.what} ${cause.where.file} ${cause.where.range?.line}`, cause])).values(),
  ].slice(0, MAX_CAUSES);
}
