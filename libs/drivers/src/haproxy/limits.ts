import type { ApiUnit, PlanUnit, RateLimit } from '@gitway/contracts';
import { limitTable } from './names.ts';

interface Limit {
  readonly id: string;
  readonly plan: string | null;
  readonly limit: RateLimit;
}

/**
 * The limits that can apply to an API, in the order in which they are tried: a plan's limit takes the place of the
 * API's own for the plan's subscribers, and of several subscribed plans the most generous counts.
 */
export function limitsOf(api: ApiUnit, plans: ReadonlyMap<string, PlanUnit>): Limit[] {
  const rate = ({ requests, windowMs }: RateLimit) => requests / windowMs;
  const limits: Limit[] = [];
  if (api.policy.auth.kind !== 'none') {
    for (const name of api.plans) {
      const [limit] = plans.get(name)?.rateLimits ?? [];
      if (limit !== undefined) limits.push({ id: `plan-${name}`, plan: name, limit });
    }
    limits.sort((a, b) => rate(b.limit) - rate(a.limit) || (a.id < b.id ? -1 : 1));
  }
  const [own] = api.policy.rateLimits;
  if (own !== undefined) limits.push({ id: 'api', plan: null, limit: own });
  return limits;
}

/** Whose calls share a window. `consumer` falls back to the address, marked, where nobody is authenticated. */
const sharer = (api: ApiUnit, by: RateLimit['by']): string => {
  if (by === 'api') return '';
  if (by === 'ip') return '@%[src]';
  return api.policy.auth.kind === 'none' ? '@%[src]' : '%[var(txn.consumer)]';
};

/**
 * Fixed windows, exact on one thread: the key carries the number of the window, and a call is checked before it is
 * counted, so refused calls do not count.
 */
export function limitRules(api: ApiUnit, plans: ReadonlyMap<string, PlanUnit>): { lines: string[]; windows: number[] } {
  const limits = limitsOf(api, plans);
  const lines: string[] = [];
  const choose = limits.length > 1 || limits[0]?.plan != null;
  if (choose) {
    limits.forEach(({ id, plan }, index) => {
      const conditions = [
        ...(index > 0 ? ['!{ var(txn.limit) -m found }'] : []),
        ...(plan === null ? [] : [`{ var(txn.plans) -m sub ,${plan}, }`]),
      ];
      lines.push(`    http-request set-var(txn.limit) str(${id}) if ${conditions.join(' ')}`);
    });
  }
  for (const { id, plan, limit } of limits) {
    const { requests, windowMs, by } = limit;
    const table = `gitway/${limitTable(windowMs)}`;
    const when = choose ? `{ var(txn.limit) -m str ${id} }` : null;
    const all = (...conditions: (string | null)[]) => {
      const given = conditions.filter((condition) => condition !== null);
      return given.length > 0 ? ` if ${given.join(' ')}` : '';
    };
    const key = [api.name, plan ?? '', sharer(api, by), `%[date(0,ms),div(${windowMs})]`].join('|');
    const full = `{ var(txn.window),table_http_req_cnt(${table}) ge ${requests} }`;
    const retryAfter = `date(0,ms),mod(${windowMs}),neg,add(${windowMs + 999}),div(1000)`;
    lines.push(
      `    http-request set-var-fmt(txn.window) ${key}${all(when)}`,
      `    http-request set-var(txn.retry_after) ${retryAfter}${all(when, full)}`,
      `    http-request deny deny_status 429${all(when, full)}`,
      `    http-request track-sc0 var(txn.window) table ${table}${all(when)}`,
    );
  }
  return { lines, windows: limits.map(({ limit }) => limit.windowMs) };
}

/** One table for each length of window; entries go when their window has ended. Peers carry the counts over a reload. */
export const limitTables = (windows: readonly number[]) =>
  windows.map(
    (windowMs) =>
      `    table ${limitTable(windowMs)} type string len 224 size 1m expire ${Math.min(windowMs + 1000, 2_147_483_647)}ms store http_req_cnt`,
  );
