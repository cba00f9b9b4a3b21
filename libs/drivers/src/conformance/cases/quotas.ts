import type { ConformanceCase } from '../case.ts';
import { day, get, keyAuth, withPolicy } from './shorthand.ts';

const limited = { problem: true, upstream: null, headers: { 'retry-after': { like: '^[1-9][0-9]{0,5}$' } } } as const;
const told = (policy: string) => ({
  status: 200,
  headers: { 'ratelimit-policy': { like: policy }, ratelimit: { like: 'r=\\d+;t=\\d+' } },
});

/** Calls of calendar periods. */
export const quotas: readonly ConformanceCase[] = [
  ...(['day', 'week'] as const).map((per): ConformanceCase => ({
    id: `quota-${per}`,
    shows: `counts calls by calendar ${per}`,
    covers: ['api policy.quotas.requests', 'api policy.quotas.per', 'api policy.quotas.by'],
    api: withPolicy({ quotas: [{ requests: 3, per, by: 'ip' }] }),
    steps: [
      get('/x', told(`q=3;w=${per === 'day' ? 86_400 : 604_800}`), { from: '127.0.0.11' }),
      { send: { line: 'GET /x', from: '127.0.0.11' }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', from: '127.0.0.12' }, sequence: [200] },
      get('/x', { status: 429, ...limited }, { from: '127.0.0.11' }),
    ],
  })),
  {
    id: 'quota-month',
    shows: 'counts calls by calendar month, beside a rate',
    covers: ['api policy.quotas.requests', 'api policy.quotas.header'],
    api: withPolicy({
      rateLimits: [{ requests: 100, windowMs: day, by: 'ip' }],
      quotas: [{ requests: 2, per: 'month', by: 'header', header: 'x-tenant' }],
    }),
    steps: [
      { send: { line: 'GET /x', headers: { 'x-tenant': 'one' } }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', headers: { 'x-tenant': 'two' } }, sequence: [200, 200, 429] },
    ],
  },
  ...(['day', 'week'] as const).map((per): ConformanceCase => ({
    id: `plan-quota-${per}`,
    shows: `counts a plan's subscribers by calendar ${per}`,
    covers: ['plan quotas.requests', 'plan quotas.per', 'plan quotas.by'],
    api: { plans: ['small'], policy: { auth: keyAuth } },
    plans: { small: { rateLimits: [], quotas: [{ requests: 2, per, by: 'consumer' }] } },
    consumers: { alice: { plans: ['small'] }, bob: { plans: ['small'] } },
    steps: [
      get('/x', told(`q=2;w=${per === 'day' ? 86_400 : 604_800}`), { as: 'alice' }),
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [200, 200, 429] },
    ],
  })),
  {
    id: 'plan-quota-by-header',
    shows: "counts a plan's month by each value of a header",
    covers: ['plan quotas.header'],
    api: { plans: ['small'], policy: { auth: keyAuth } },
    plans: { small: { rateLimits: [], quotas: [{ requests: 1, per: 'month', by: 'header', header: 'x-tenant' }] } },
    consumers: { alice: { plans: ['small'] } },
    steps: [
      { send: { line: 'GET /x', as: 'alice', headers: { 'x-tenant': 'one' } }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'alice', headers: { 'x-tenant': 'two' } }, sequence: [200, 429] },
    ],
  },
];
