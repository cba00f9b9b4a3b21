import { type ApiUnit, canonicalJson, type PlanUnit, type Quota, type RateLimit } from '@gitway/contracts';
import type { OperationGroup } from '../../scope.ts';

/** Whose calls stand in one entry of a table. At most three for one call: HAProxy tracks no more. */
export interface Sharer {
  readonly by: RateLimit['by'];
  readonly header: string | null;
  /** Whether each operation has an entry of its own: for limits that an operation states. */
  readonly perOperation: boolean;
}

/** One limit as it is counted. */
export type Counter = {
  readonly requests: number;
  readonly sharer: Sharer;
  /** Plan whose limit it is; each plan counts for itself. */
  readonly plan: string | null;
} & (
  | { readonly kind: 'window'; readonly windowMs: number }
  /** Calls come at a steady rate, and so many at once beyond it. */
  | { readonly kind: 'bucket'; readonly windowMs: number; readonly burst: number }
  | { readonly kind: 'period'; readonly per: Quota['per'] }
);

/** The counters of callers who are alike: subscribers of one plan, or everybody else. */
export interface CounterSet {
  /** Null: callers whom no plan before it took. */
  readonly plan: string | null;
  readonly counters: readonly Counter[];
}

/**
 * What is counted for the calls of a group of operations. A plan's limits stand in place of the API's own for its
 * subscribers; the first set that fits a caller counts, and the most generous plan stands first. What an operation
 * states itself holds for everybody.
 */
export function counterSets(
  api: ApiUnit,
  plans: ReadonlyMap<string, PlanUnit>,
  group: OperationGroup,
): readonly CounterSet[] {
  const { rateLimits: rates, quotas = [] } = group.policy;
  const own = group === undefined || same(rates, api.policy.rateLimits) ? null : countersOf(rates, [], null, true);
  const ownQuotas = same(quotas, api.policy.quotas ?? []) ? null : countersOf([], quotas, null, true);
  const stated = [...(own ?? []), ...(ownQuotas ?? [])];
  const apiRates = own === null ? countersOf(rates, [], null, false) : [];
  const apiQuotas = ownQuotas === null ? countersOf([], quotas, null, false) : [];
  const sets: CounterSet[] = [];
  if (group.policy.auth.kind !== 'none') {
    for (const name of group.plans) {
      const plan = plans.get(name);
      const planRates = plan?.rateLimits ?? [];
      const planQuotas = plan?.quotas ?? [];
      const named =
        planRates.length > 0 || planQuotas.length > 0 || asksForPlan([...apiRates, ...apiQuotas, ...stated]);
      if (!named) continue;
      const counters = [
        ...(planRates.length > 0 ? countersOf(planRates, [], name, false) : apiRates),
        ...(planQuotas.length > 0 ? countersOf([], planQuotas, name, false) : apiQuotas),
        ...stated,
      ];
      sets.push({ plan: name, counters });
    }
    sets.sort((a, b) => generosity(b) - generosity(a) || ((a.plan ?? '') < (b.plan ?? '') ? -1 : 1));
  }
  const rest = [...apiRates, ...apiQuotas, ...stated];
  return rest.length > 0 ? [...sets, { plan: null, counters: rest }] : sets;
}

const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
const asksForPlan = (counters: readonly Counter[]) => counters.some(({ sharer }) => sharer.by === 'plan');

function countersOf(
  rates: readonly RateLimit[],
  quotas: readonly Quota[],
  plan: string | null,
  perOperation: boolean,
): Counter[] {
  const sharerOf = ({ by, header }: RateLimit | Quota): Sharer => ({ by, header: header ?? null, perOperation });
  return [
    ...rates.map((rate): Counter => {
      const common = { requests: rate.requests, sharer: sharerOf(rate), plan, windowMs: rate.windowMs };
      return rate.burst === undefined
        ? { ...common, kind: 'window' }
        : { ...common, kind: 'bucket', burst: rate.burst };
    }),
    ...quotas.map((quota): Counter => ({
      kind: 'period',
      per: quota.per,
      requests: quota.requests,
      sharer: sharerOf(quota),
      plan,
    })),
  ];
}

const DAY_MS = 86_400_000;
const PERIOD_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
export const spanMs = (counter: Counter): number =>
  counter.kind === 'period' ? PERIOD_MS[counter.per] : counter.windowMs;

/** Calls per millisecond that the tightest limit of a set lets through in the long run. */
const generosity = ({ counters }: CounterSet) =>
  Math.min(...counters.map((counter) => counter.requests / spanMs(counter)), Number.MAX_VALUE);
