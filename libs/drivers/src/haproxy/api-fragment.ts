import type { ApiUnit, PlanUnit } from '@gitway/contracts';
import type { Provided } from '../driver.ts';
import { choosesByCaller } from './policies/canary.ts';
import { policies } from './policies/index.ts';
import { operationsRoot } from './policies/operation.ts';
import type { Contribution, MapEntry, SharedFile, SharedLines } from './policy.ts';
import { backendName } from './names.ts';
import { hostsOf, type MatchSet, matchSet, rankOf } from './routes.ts';
import { type CheckRhythm, type PoolBackend, poolParts } from './pools/index.ts';
import { CANARY_SLOT, poolSlots } from './pools/slots.ts';
import { type Phase, phases, printRules, type Rule } from './rule.ts';
import { ApiScope, shortDigest } from './scope.ts';
import { safe } from './syntax.ts';

/** Rules and settings as a named `defaults` section. APIs that agree in all of them share one. */
export interface Shape {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Rules that have to run before a pool is chosen, and so in the frontend, for the APIs whose route names them. */
export interface EarlyRules {
  readonly id: string;
  readonly lines: readonly string[];
}

/** What one API contributes; made from its unit, the limits of its plans and what its secrets hold. */
export interface ApiFragment {
  readonly name: string;
  /** Short digest of what it was made from: says in the log which revision of the API answered. */
  readonly version: string;
  readonly shape: Shape;
  readonly early: EarlyRules | null;
  readonly backends: readonly PoolBackend[];
  /** Lines that each of its backends holds. */
  readonly backendLines: readonly string[];
  readonly routes: readonly MapEntry[];
  readonly maps: readonly MapEntry[];
  readonly shared: readonly SharedLines[];
  readonly files: readonly SharedFile[];
  readonly anyHost: boolean;
  readonly wildHost: boolean;
  readonly match: MatchSet | null;
  readonly rhythm: CheckRhythm;
}

/** Of an API whose pool is chosen by who calls, these run before the choice. */
const EARLY: ReadonlySet<Phase> = new Set(phases.slice(0, phases.indexOf('choose') + 1));

/**
 * `host + path + "/"`, so that the longest match ends at a segment's border; `*` stands for any host, `*.` for one label.
 * @param listeners where routes are told apart by listener, which begins the key; null: they are not
 */
export function routeKeys(api: ApiUnit, listeners: readonly string[] | null): { key: string; rank: number }[] {
  const path = safe('basePath', api.route.basePath);
  const tail = path.endsWith('/') ? path : `${path}/`;
  const set = matchSet(api);
  const mark = set === null ? '' : `${set.mark}/`;
  const serving =
    listeners === null
      ? ['']
      : listeners
          .filter((listener) => api.route.listeners?.includes(listener) ?? true)
          .map((listener) => `${safe('name', listener)}/`);
  return hostsOf(api).flatMap((host) => {
    const rank = rankOf(host, path);
    return serving.map((listener) => ({ key: `${mark}${listener}${safeHost(host)}${tail}`, rank }));
  });
}

const safeHost = (host: string) =>
  host === '*' ? host : host.startsWith('*.') ? `*.${safe('host', host.slice(2))}` : safe('host', host);

/** @param version short digest of everything that the fragment is made from */
export function renderApi(
  api: ApiUnit,
  plans: ReadonlyMap<string, PlanUnit>,
  provided: Provided,
  peers: readonly string[],
  listeners: readonly string[] | null,
  version: string,
): ApiFragment {
  const name = safe('name', api.name);
  const scope = new ApiScope(api, plans, peers);
  const parts: Contribution[] = policies.map((policy) => policy.contribute(scope, provided));
  const rules = policies.reduce<readonly Rule[]>(
    (all, policy) => policy.amend?.(scope, all) ?? all,
    parts.flatMap((part) => part.rules ?? []),
  );
  const byCaller = choosesByCaller(scope);
  // What is said on every answer is said on those that come early as well.
  const isEarly = ({ phase, on }: Rule) =>
    phase === 'choose' || (byCaller && (EARLY.has(phase) || on === 'after-response'));
  const early = rules.filter(isEarly);
  const late = early.length === 0 ? rules : rules.filter((rule) => !isEarly(rule));
  const lines = [
    ...parts.flatMap((part) => part.settings ?? []).map((setting) => `    ${setting}`),
    ...printRules(late),
  ];
  const earlyId = early.length === 0 ? null : `e${shortDigest(printRules(early))}`;
  const slots = slotsOf(api);
  // Slots of one split stand together under its digest, so that a new split is complete before a route names it.
  const split = slots.length === 0 ? null : `${name}.${shortDigest(slots, 6)}`;
  const pools = poolParts(api, provided);
  const first = api.pools.find((pool) => pool.weight > 0) ?? api.pools[0];
  const route = [
    name,
    split ?? backendName(name, safe('name', first?.name ?? '')),
    slots.filter(([slot]) => slot !== CANARY_SLOT).length,
    earlyId ?? '-',
    operationsRoot(scope) ?? '-',
    version,
  ].join('|');
  return {
    name,
    version,
    shape: { name: `shape.${shortDigest(lines)}`, lines },
    early:
      earlyId === null ? null : { id: earlyId, lines: printRules(early, [`{ var(txn.early) -m str ${earlyId} }`]) },
    backends: pools.backends,
    backendLines: parts.flatMap((part) => part.backend ?? []).map((line) => `    ${line}`),
    routes: routeKeys(api, listeners).map(({ key, rank }) => ({ map: 'routes', key, value: `${route}|${rank}` })),
    maps: [
      ...slots.map(([slot, pool]) => ({ map: 'slots', key: `${split}/${slot}`, value: backendName(name, pool) })),
      ...parts.flatMap((part) => part.maps ?? []),
    ],
    shared: [...parts.flatMap((part) => part.shared ?? []), ...pools.shared],
    files: [...parts.flatMap((part) => part.files ?? []), ...pools.files],
    anyHost: api.route.hosts.length === 0,
    wildHost: api.route.hosts.some((host) => host.startsWith('*.')),
    match: matchSet(api),
    rhythm: pools.rhythm,
  };
}

/** Slot → pool; none when there is nothing to choose. */
function slotsOf(api: ApiUnit): (readonly [slot: string, pool: string])[] {
  const slots = poolSlots(api).map((pool, slot) => [String(slot), pool] as const);
  const { canary } = api.policy;
  return canary === undefined || slots.length === 0 ? slots : [...slots, [CANARY_SLOT, safe('name', canary.pool)]];
}
