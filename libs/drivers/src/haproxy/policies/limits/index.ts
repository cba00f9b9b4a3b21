import type { ApiUnit, OperationPolicy, Quota, RateLimit } from '@gitway/contracts';
import { native, no } from '../../capability.ts';
import type { Checker } from '../../checker.ts';
import type { Contribution, MapEntry, Policy } from '../../policy.ts';
import { afterResponse, mapNamed, request, type Rule } from '../../rule.ts';
import { ApiScope, type OperationGroup } from '../../scope.ts';
import { fits } from '../../syntax.ts';
import { type Counter, type CounterSet, counterSets, type Sharer } from './counters.ts';
import { type Entry, layoutOf, MOST_COUNTERS, sharerKey, tableLines } from './layout.ts';
import { monthEntries } from './months.ts';
import { concurrencyRules, counterRules, policyOf, type Tracked, trackRules } from './rules.ts';

const HOW_COUNTED = '`consumer` (else the address), `ip`, `api`, `plan` or `header`; at most three kinds for one call';

/**
 * How often: all counters of a call are checked, then all are counted, so refused calls do not count. Exact within one
 * gateway, which has one thread. The caller is told what is left, and when to come back.
 */
export const limits: Policy = {
  capabilities: [
    native('api policy.rateLimits.requests', 'stick table; 429 with Retry-After and the RateLimit fields'),
    native('api policy.rateLimits.windowMs', 'fixed windows, several at once; counts cross a reload'),
    native('api policy.rateLimits.by', HOW_COUNTED),
    native('api policy.rateLimits.header', 'SHA-1 of the value is part of the key'),
    native('api policy.rateLimits.burst', 'then a steady rate with so many calls early (GCRA, microseconds)'),
    native('api policy.quotas', 'calendar periods in UTC; as rate limits'),
    native('api policy.concurrency', '`conn_cur` of the caller’s entry; 429'),
    no('api policy.concurrency.queue', 'calls cannot wait for their turn'),
    native('plan rateLimits', 'in place of the API’s own for subscribers; the most generous of several plans'),
    native('plan quotas', 'as above'),
  ],
  check(api, on, plans) {
    checkPolicy(api.policy, 'policy', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkPolicy(override, `policy.operations.${id}`, on);
    }
    checkSharers(new ApiScope(api, plans), on);
  },
  contribute(scope) {
    const groups = scope.groups.map((group) => ({ group, sets: counterSets(scope.api, scope.plans, group) }));
    if (groups.every(({ group, sets }) => sets.length === 0 && group.policy.concurrency === undefined)) return {};
    const layout = withConcurrency(scope, layoutOf(groups.flatMap(({ sets }) => sets)));
    const variants = scope.each((group) => ({
      sets: counterSets(scope.api, scope.plans, group),
      concurrency: group.policy.concurrency ?? null,
      concurrent: concurrencySharer(scope.api, group),
      known: group.policy.auth.kind !== 'none',
      peers: scope.peers,
    }));
    const rules = variants.flatMap(({ value, when }) => variantRules(value, layout, when));
    return {
      rules: [...operationName(layout), ...rules, ...tellCaller],
      shared: [...new Set([...layout.values()].map(({ table }) => table))].map(tableLines),
      maps: groups.some(({ sets }) => sets.some(({ counters }) => counters.some(isMonthly))) ? months : [],
    } satisfies Contribution;
  },
};

/** What a plan's limits must be; the API that it opens is not known here. */
export function checkLimits(rates: readonly RateLimit[], quotas: readonly Quota[], field: string, on: Checker): void {
  const at = field === '' ? '' : `${field}.`;
  rates.forEach((rate, index) => {
    on.count(rate.requests, `${at}rateLimits[${index}].requests`);
    on.time(rate.windowMs, `${at}rateLimits[${index}].windowMs`);
    checkHeader(rate, `${at}rateLimits[${index}]`, on);
    if (rate.burst === undefined) return;
    on.count(rate.burst, `${at}rateLimits[${index}].burst`);
    const steady = (rate.windowMs * 1000) / rate.requests >= 10;
    on.require(
      steady,
      `${at}rateLimits[${index}].requests`,
      'with a burst, at most 100,000 calls a second can be counted',
    );
  });
  quotas.forEach((quota, index) => {
    on.count(quota.requests, `${at}quotas[${index}].requests`);
    checkHeader(quota, `${at}quotas[${index}]`, on);
  });
  on.require(
    rates.length + quotas.length <= MOST_COUNTERS / 5,
    `${at}rateLimits`,
    'at most ten can be counted at once',
  );
}

type Shared = Pick<RateLimit, 'by'> & { readonly header?: string | undefined };

function checkHeader({ by, header }: Shared, field: string, on: Checker): void {
  on.require(by !== 'header' || header !== undefined, `${field}.header`, 'is missing: calls are counted by it');
  on.require(header === undefined || fits('header', header), `${field}.header`, 'must be letters, digits, `-` and `_`');
}

function checkPolicy(policy: OperationPolicy, field: string, on: Checker): void {
  checkLimits(policy.rateLimits ?? [], policy.quotas ?? [], field, on);
  const { concurrency } = policy;
  if (concurrency === undefined) return;
  on.count(concurrency.requests, `${field}.concurrency.requests`);
  checkHeader(concurrency, `${field}.concurrency`, on);
}

/** HAProxy tracks three entries for one call, and each way of counting is an entry. */
function checkSharers(scope: ApiScope, on: Checker): void {
  for (const group of scope.groups) {
    const concurrent = concurrencySharer(scope.api, group);
    const most = group.policy.threatProtection?.bans === undefined ? 3 : 2;
    const sets = [...counterSets(scope.api, scope.plans, group), { plan: null, counters: [] }];
    for (const { plan, counters } of sets) {
      const sharers = [...counters.map(({ sharer }) => sharer), ...(concurrent === null ? [] : [concurrent])];
      const ways = [...new Set(sharers.map(sharerKey))];
      if (ways.length <= most) continue;
      const whose = plan === null ? '' : ` for subscribers of plan ${plan}`;
      const message = `a call would be counted in ${ways.length} ways${whose} (by whom, and for the API or one operation); ${most === 3 ? 'three are possible' : 'two are possible beside bans'}`;
      return on.require(false, 'policy.rateLimits', message);
    }
  }
}

const isMonthly = (counter: Counter) => counter.kind === 'period' && counter.per === 'month';
const months: readonly MapEntry[] = monthEntries().map(([key, value]) => ({ map: 'months', key, value }));

/** Under way at one time is counted for each operation that says so itself, as the other limits are. */
function concurrencySharer(api: ApiUnit, { policy }: OperationGroup): Sharer | null {
  const { concurrency } = policy;
  if (concurrency === undefined) return null;
  const { by, header } = concurrency;
  return { by, header: header ?? null, perOperation: concurrency !== api.policy.concurrency };
}

function withConcurrency({ api, groups }: ApiScope, layout: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const all = new Map(layout);
  for (const group of groups) {
    const sharer = concurrencySharer(api, group);
    if (sharer === null || all.has(sharerKey(sharer))) continue;
    all.set(sharerKey(sharer), { sharer, table: 'counts_minute_4', mark: 'now', places: new Map() });
  }
  return all;
}

/** Operations that state limits of their own are counted one by one. */
function operationName(layout: ReadonlyMap<string, Entry>): Rule[] {
  if (![...layout.values()].some(({ sharer }) => sharer.perOperation)) return [];
  const found = `var(txn.leaf),concat(@,txn.method),map_str(${mapNamed('operations')})`;
  return [request('count', `set-var(txn.op) ${found},field(2,|)`)];
}

interface Variant {
  readonly sets: readonly CounterSet[];
  readonly concurrency: OperationPolicy['concurrency'] | null;
  readonly concurrent: Sharer | null;
  readonly known: boolean;
  readonly peers: readonly string[];
}

function variantRules(variant: Variant, layout: ReadonlyMap<string, Entry>, when: readonly string[]): Rule[] {
  const { sets, concurrency, concurrent, known, peers } = variant;
  const choose = sets.some(({ plan }) => plan !== null);
  const choice = sets.flatMap(({ plan }, index) =>
    plan === null
      ? []
      : [
          request(
            'count',
            `set-var(txn.plan) str(${plan})`,
            ...when,
            ...(index > 0 ? ['!{ var(txn.plan) -m found }'] : []),
            `{ var(txn.plans) -m sub ,${plan}, }`,
          ),
        ],
  );
  const counted = (sets.length === 0 ? [{ plan: null, counters: [] }] : sets).flatMap(({ plan, counters }) => {
    const chosen = plan === null ? '!{ var(txn.plan) -m found }' : `{ var(txn.plan) -m str ${plan} }`;
    return setRules(counters, { concurrency, concurrent, known, peers }, layout, choose ? [...when, chosen] : when);
  });
  return choose ? [...choice, ...counted] : counted;
}

function setRules(
  counters: readonly Counter[],
  { concurrency, concurrent, known, peers }: Omit<Variant, 'sets'>,
  layout: ReadonlyMap<string, Entry>,
  when: readonly string[],
): Rule[] {
  const sharers = [...counters.map(({ sharer }) => sharer), ...(concurrent === null ? [] : [concurrent])];
  const keys = [...new Set(sharers.map(sharerKey))];
  const tracked = new Map(keys.map((key, slot) => [key, { entry: layout.get(key) as Entry, slot, peers }]));
  const of = (sharer: Sharer) => tracked.get(sharerKey(sharer)) as Tracked;
  const rules = counters.map((counter, index) => counterRules(counter, of(counter.sharer), index > 0, when));
  return [
    ...[...tracked.values()].flatMap((one) => trackRules(one, known, when)),
    ...(counters.length === 0
      ? []
      : [request('count', `set-var-fmt(txn.ratelimit_policy) '${counters.map(policyOf).join(', ')}'`, ...when)]),
    ...(concurrency == null || concurrent === null
      ? []
      : concurrencyRules(concurrency.requests, of(concurrent).slot, when)),
    ...rules.flatMap(({ check }) => check),
    ...rules.flatMap(({ count }) => count),
  ];
}

const tellCaller: readonly Rule[] = [
  afterResponse('set-header ratelimit-policy %[var(txn.ratelimit_policy)]', '{ var(txn.ratelimit_policy) -m found }'),
  afterResponse('set-header ratelimit %[var(txn.ratelimit)]', '{ var(txn.ratelimit) -m found }'),
];
