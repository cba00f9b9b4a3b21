import type { ApiUnit, PlanUnit, RateLimit } from '@gitway/contracts';
import { native, no } from '../capability.ts';
import type { Checker } from '../checker.ts';
import { limitTable, MAX_TIME_MS } from '../names.ts';
import type { Policy, SharedLines } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import type { OperationGroup } from '../scope.ts';

/**
 * Fixed windows, exact on one thread: the key carries the number of the window, and a call is checked before it is
 * counted, so refused calls do not count.
 */
export const limits: Policy = {
  capabilities: [
    native('api policy.rateLimits.requests', 'stick table; 429 with Retry-After'),
    native('api policy.rateLimits.windowMs', 'fixed window, its number is part of the key; counts cross a reload'),
    native('api policy.rateLimits.by', '`consumer`, `ip` or `api`, each counted for this API alone'),
    no('api policy.rateLimits.by=plan'),
    no('api policy.rateLimits.by=header'),
    no('api policy.rateLimits.header'),
    no('api policy.rateLimits.burst', 'windows are fixed and exact; there is no burst beyond them'),
    no('api policy.quotas'),
    no('api policy.concurrency'),
    native('plan rateLimits.requests', 'in place of the API’s own for subscribers; the most generous of several'),
    native('plan rateLimits.windowMs', 'as above'),
    native('plan rateLimits.by', 'as above'),
    no('plan rateLimits.by=plan'),
    no('plan rateLimits.by=header'),
    no('plan rateLimits.header'),
    no('plan rateLimits.burst', 'windows are fixed and exact; there is no burst beyond them'),
    no('plan quotas'),
  ],
  check(api, on) {
    checkLimits(api.policy.rateLimits, 'policy.rateLimits', on);
    for (const [id, { rateLimits }] of Object.entries(api.policy.operations ?? {})) {
      if (rateLimits !== undefined) checkLimits(rateLimits, `policy.operations.${id}.rateLimits`, on);
    }
  },
  contribute(scope) {
    const chosen = scope.each((group) => limitsOf(scope.api, scope.plans, group));
    const windows = chosen.flatMap(({ value }) => value.map(({ limit }) => limit.windowMs));
    return {
      rules: chosen.flatMap(({ value, when }) => rulesOf(value, when)),
      shared: [...new Set(windows)].map(limitTableLines),
    };
  },
};

export function checkLimits(given: readonly RateLimit[], field: string, on: Checker): void {
  on.require(given.length <= 1, field, 'only one can be counted for a call; choose one window');
  given.forEach(({ requests, windowMs }, index) => {
    on.count(requests, `${field}[${index}].requests`);
    on.time(windowMs, `${field}[${index}].windowMs`);
  });
}

interface Limit {
  readonly id: string;
  readonly plan: string | null;
  readonly limit: RateLimit;
  readonly known: boolean;
}

/**
 * The limits that can apply, in the order in which they are tried: a plan's limit takes the place of the API's own for
 * the plan's subscribers, and of several subscribed plans the most generous counts.
 */
function limitsOf(api: ApiUnit, plans: ReadonlyMap<string, PlanUnit>, group: OperationGroup): Limit[] {
  const rate = ({ requests, windowMs }: RateLimit) => requests / windowMs;
  const known = group.policy.auth.kind !== 'none';
  const found: Limit[] = [];
  if (known) {
    for (const name of api.plans) {
      const [limit] = plans.get(name)?.rateLimits ?? [];
      if (limit !== undefined) found.push({ id: `plan-${name}`, plan: name, limit, known });
    }
    found.sort((a, b) => rate(b.limit) - rate(a.limit) || (a.id < b.id ? -1 : 1));
  }
  const [own] = group.policy.rateLimits;
  if (own !== undefined) found.push({ id: 'api', plan: null, limit: own, known });
  return found;
}

/** Whose calls share a window. `consumer` falls back to the address, marked, where nobody is authenticated. */
const sharer = ({ known, limit: { by } }: Limit): string => {
  if (by === 'api') return '';
  if (by === 'ip') return '@%[src]';
  return known ? '%[var(txn.consumer)]' : '@%[src]';
};

function rulesOf(tried: readonly Limit[], when: readonly string[]): Rule[] {
  const choose = tried.length > 1 || tried[0]?.plan != null;
  const choice = tried.map(({ id, plan }, index) =>
    request(
      'count',
      `set-var(txn.limit) str(${id})`,
      ...when,
      ...(index > 0 ? ['!{ var(txn.limit) -m found }'] : []),
      ...(plan === null ? [] : [`{ var(txn.plans) -m sub ,${plan}, }`]),
    ),
  );
  const counting = tried.flatMap((limit) => {
    const { requests, windowMs } = limit.limit;
    const table = `gitway/${limitTable(windowMs)}`;
    const here = choose ? [...when, `{ var(txn.limit) -m str ${limit.id} }`] : when;
    const key = ['%[var(txn.api)]', limit.plan ?? '', sharer(limit), `%[date(0,ms),div(${windowMs})]`].join('|');
    const full = `{ var(txn.window),table_http_req_cnt(${table}) ge ${requests} }`;
    const retryAfter = `date(0,ms),mod(${windowMs}),neg,add(${windowMs + 999}),div(1000)`;
    return [
      request('count', `set-var-fmt(txn.window) ${key}`, ...here),
      request('count', `set-var(txn.retry_after) ${retryAfter}`, ...here, full),
      request('count', 'deny deny_status 429', ...here, full),
      request('count', `track-sc0 var(txn.window) table ${table}`, ...here),
    ];
  });
  return choose ? [...choice, ...counting] : counting;
}

/** One table for each length of window; entries go when their window has ended. Peers carry the counts over a reload. */
export const limitTableLines = (windowMs: number): SharedLines => ({
  section: 'counters',
  key: limitTable(windowMs),
  lines: [
    `    table ${limitTable(windowMs)} type string len 224 size 1m expire ${Math.min(windowMs + 1000, MAX_TIME_MS)}ms store http_req_cnt`,
  ],
});
