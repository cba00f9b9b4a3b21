import type { ConformanceCase } from '../case.ts';
import { day, get, keyAuth, reaches, withPolicy } from './shorthand.ts';

const requests = 'api policy.rateLimits.requests';
const by = 'api policy.rateLimits.by';
const limited = { problem: true, upstream: null, headers: { 'retry-after': { like: '^[1-9][0-9]{0,5}$' } } } as const;

/** Rate limits. A window of a day does not end while a case runs. */
export const limits: readonly ConformanceCase[] = [
  {
    id: 'rate-by-api',
    shows: 'counts the calls of everybody together where the API is counted by',
    covers: [requests, by],
    api: withPolicy({ auth: keyAuth, rateLimits: [{ requests: 3, windowMs: day, by: 'api' }] }),
    consumers: { alice: {}, bob: {} },
    steps: [
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 200] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [200, 429] },
      get('/x', { status: 429, ...limited }, { as: 'alice' }),
    ],
  },
  {
    id: 'rate-by-ip',
    shows: 'counts each address apart',
    covers: [requests, by],
    api: withPolicy({ rateLimits: [{ requests: 2, windowMs: day, by: 'ip' }] }),
    steps: [
      { send: { line: 'GET /x', from: '127.0.0.11' }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', from: '127.0.0.12' }, sequence: [200, 200, 429] },
      get('/x', { status: 429, ...limited }, { from: '127.0.0.11' }),
    ],
  },
  {
    id: 'rate-by-consumer',
    shows: 'counts each consumer apart, from wherever it calls',
    covers: [requests, by],
    api: withPolicy({ auth: keyAuth, rateLimits: [{ requests: 2, windowMs: day, by: 'consumer' }] }),
    consumers: { alice: {}, bob: {} },
    steps: [
      { send: { line: 'GET /x', as: 'alice', from: '127.0.0.11' }, sequence: [200] },
      { send: { line: 'GET /x', as: 'alice', from: '127.0.0.12' }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-by-consumer-of-nobody',
    shows: 'counts by address where consumers are counted and nobody is asked who calls',
    covers: [requests],
    api: withPolicy({ rateLimits: [{ requests: 2, windowMs: day, by: 'consumer' }] }),
    steps: [
      { send: { line: 'GET /x', from: '127.0.0.11' }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', from: '127.0.0.12' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-exact',
    shows: 'lets exactly as many calls through as it says, also at once',
    covers: [requests],
    api: withPolicy({ rateLimits: [{ requests: 25, windowMs: day, by: 'api' }] }),
    steps: [{ send: 'GET /x', times: 100, atOnce: 20, counts: { 200: 25, 429: 75 } }],
  },
  {
    id: 'rate-window-ends',
    shows: 'lets calls through again when the window has ended',
    covers: ['api policy.rateLimits.windowMs'],
    api: withPolicy({ rateLimits: [{ requests: 1, windowMs: 1500, by: 'api' }] }),
    steps: [
      { send: 'GET /x', until: true, expect: { status: 429, headers: { 'retry-after': { like: '^[12]$' } } } },
      { send: 'GET /x', until: true, expect: 200 },
      { send: 'GET /x', until: true, expect: 429 },
    ],
  },
  {
    id: 'rate-refused-not-counted',
    shows: 'counts no call that it refuses for another reason',
    covers: [requests],
    api: withPolicy({ auth: keyAuth, rateLimits: [{ requests: 2, windowMs: day, by: 'api' }] }),
    consumers: { alice: {} },
    steps: [
      { send: 'GET /x', sequence: [401, 401, 401, 401] },
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-of-each-api',
    shows: 'counts each API apart, for the same consumer and address',
    covers: [requests],
    apis: {
      one: { route: { basePath: '/one' }, policy: { rateLimits: [{ requests: 1, windowMs: day, by: 'ip' }] } },
      two: { route: { basePath: '/two' }, policy: { rateLimits: [{ requests: 2, windowMs: day, by: 'ip' }] } },
      free: { route: { basePath: '/free' } },
    },
    steps: [
      { send: 'GET /one', sequence: [200, 429] },
      { send: 'GET /two', sequence: [200, 200, 429] },
      { send: 'GET /free', sequence: [200, 200, 200, 200] },
    ],
  },
  {
    id: 'rate-over-all-targets',
    shows: 'counts calls, whichever pool and target answers them',
    covers: [requests],
    api: {
      pools: [
        { name: 'one', weight: 50, to: ['a', 'b'] },
        { name: 'two', weight: 50, to: ['c', 'd'] },
      ],
      policy: { rateLimits: [{ requests: 20, windowMs: day, by: 'api' }] },
    },
    steps: [{ send: 'GET /x', times: 60, atOnce: 20, counts: { 200: 20, 429: 40 } }],
  },
  {
    id: 'rate-headers-ask',
    shows: 'says when to come back, and within the window',
    covers: [requests],
    api: withPolicy({ rateLimits: [{ requests: 1, windowMs: 60_000, by: 'api' }] }),
    steps: [
      {
        send: 'GET /x',
        until: true,
        expect: { status: 429, headers: { 'retry-after': { like: '^([1-9]|[1-5][0-9]|60)$' } } },
      },
    ],
  },
  {
    id: 'plan-rate',
    shows: "counts a plan's subscribers by the plan's limit, in place of the API's own",
    covers: ['plan rateLimits.requests', 'plan rateLimits.by', requests],
    api: {
      plans: ['small', 'large', 'plain'],
      policy: { auth: keyAuth, rateLimits: [{ requests: 2, windowMs: day, by: 'consumer' }] },
    },
    plans: {
      small: { rateLimits: [{ requests: 1, windowMs: day, by: 'consumer' }] },
      large: { rateLimits: [{ requests: 4, windowMs: day, by: 'consumer' }] },
      plain: {},
    },
    consumers: {
      alice: { plans: ['small'] },
      bob: { plans: ['large'] },
      bert: { plans: ['large'] },
      carol: { plans: ['plain'] },
    },
    steps: [
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [200, 200, 200, 200, 429] },
      { send: { line: 'GET /x', as: 'bert' }, sequence: [200, 200, 200, 200, 429] },
      { send: { line: 'GET /x', as: 'carol' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'plan-rate-window-ends',
    shows: "ends a plan's window",
    covers: ['plan rateLimits.windowMs'],
    api: { plans: ['small'], policy: { auth: keyAuth } },
    plans: { small: { rateLimits: [{ requests: 1, windowMs: 1500, by: 'consumer' }] } },
    consumers: { alice: { plans: ['small'] } },
    steps: [
      { send: { line: 'GET /x', as: 'alice' }, until: true, expect: 429 },
      { send: { line: 'GET /x', as: 'alice' }, until: true, expect: 200 },
    ],
  },
  {
    id: 'plan-rate-most-generous',
    shows: 'counts a consumer of several plans by the most generous of them',
    covers: ['plan rateLimits.requests'],
    api: { plans: ['small', 'large'], policy: { auth: keyAuth } },
    plans: {
      small: { rateLimits: [{ requests: 1, windowMs: day, by: 'consumer' }] },
      large: { rateLimits: [{ requests: 3, windowMs: day, by: 'consumer' }] },
    },
    consumers: { alice: { plans: ['small', 'large'] } },
    steps: [{ send: { line: 'GET /x', as: 'alice' }, sequence: [200, 200, 200, 429] }],
  },
  {
    id: 'plan-rate-of-each-api',
    shows: "counts a plan's limit for each API apart",
    covers: ['plan rateLimits.requests'],
    apis: {
      one: { route: { basePath: '/one' }, plans: ['small'], policy: { auth: keyAuth } },
      two: { route: { basePath: '/two' }, plans: ['small'], policy: { auth: keyAuth } },
    },
    plans: { small: { rateLimits: [{ requests: 1, windowMs: day, by: 'consumer' }] } },
    consumers: { alice: { plans: ['small'] } },
    steps: [
      { send: { line: 'GET /one', as: 'alice' }, sequence: [200, 429] },
      { send: { line: 'GET /two', as: 'alice' }, sequence: [200, 429] },
    ],
  },
  {
    id: 'rate-crosses-reload',
    shows: 'keeps its counts when another snapshot is applied',
    covers: [requests],
    alone: 'another snapshot is applied',
    api: withPolicy({ rateLimits: [{ requests: 4, windowMs: day, by: 'ip' }] }),
    steps: [
      { settled: true },
      { send: 'GET /x', sequence: [200, 200] },
      {
        apply: {
          api: withPolicy({ rateLimits: [{ requests: 4, windowMs: day, by: 'ip' }] }),
          apis: { more: { route: { basePath: '/more' } } },
        },
      },
      get('/more/x', reaches({ path: '/x' })),
      { settled: true },
      { send: 'GET /x', sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-windows',
    shows: 'holds several windows at once',
    covers: [requests],
    api: withPolicy({
      rateLimits: [
        { requests: 5, windowMs: day, by: 'api' },
        { requests: 2, windowMs: day, by: 'ip' },
      ],
    }),
    steps: [
      { send: { line: 'GET /x', from: '127.0.0.11' }, sequence: [200, 200, 429, 429, 429] },
      { send: { line: 'GET /x', from: '127.0.0.12' }, sequence: [200, 200, 429] },
      // Refused calls took nothing of what all share: one of five is left.
      { send: { line: 'GET /x', from: '127.0.0.13' }, sequence: [200, 429] },
    ],
  },
  {
    id: 'rate-by-header',
    shows: 'counts each value of a header apart',
    covers: [by, 'api policy.rateLimits.header'],
    api: withPolicy({ rateLimits: [{ requests: 2, windowMs: day, by: 'header', header: 'x-tenant' }] }),
    steps: [
      { send: { line: 'GET /x', headers: { 'X-Tenant': 'one' } }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', headers: { 'x-tenant': 'two' } }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', headers: { 'x-tenant': 'x'.repeat(2000) } }, sequence: [200, 200, 429] },
      { send: { line: 'GET /x', headers: { 'x-other': 'one' } }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-by-plan',
    shows: 'counts the subscribers of each plan together',
    covers: [by],
    api: {
      plans: ['one', 'two'],
      policy: { auth: keyAuth, rateLimits: [{ requests: 2, windowMs: day, by: 'plan' }] },
    },
    plans: { one: {}, two: {} },
    consumers: { alice: { plans: ['one'] }, bob: { plans: ['one'] }, carol: { plans: ['two'] } },
    steps: [
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'carol' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'rate-burst',
    shows: 'lets a burst through beyond the rate',
    covers: ['api policy.rateLimits.burst'],
    api: withPolicy({ rateLimits: [{ requests: 1, windowMs: day, by: 'api', burst: 3 }] }),
    steps: [{ send: 'GET /x', sequence: [200, 200, 200, 200, 429, 429] }],
  },
  {
    id: 'plan-rate-burst',
    shows: "lets a plan's burst through",
    covers: ['plan rateLimits.burst'],
    api: { plans: ['small'], policy: { auth: keyAuth } },
    plans: { small: { rateLimits: [{ requests: 1, windowMs: day, by: 'consumer', burst: 3 }] } },
    consumers: { alice: { plans: ['small'] } },
    steps: [{ send: { line: 'GET /x', as: 'alice' }, sequence: [200, 200, 200, 200, 429] }],
  },
  {
    id: 'plan-rate-by-header',
    shows: "counts a plan's calls by each value of a header",
    covers: ['plan rateLimits.header', 'plan rateLimits.by'],
    api: { plans: ['small'], policy: { auth: keyAuth } },
    plans: { small: { rateLimits: [{ requests: 1, windowMs: day, by: 'header', header: 'x-tenant' }] } },
    consumers: { alice: { plans: ['small'] } },
    steps: [
      { send: { line: 'GET /x', as: 'alice', headers: { 'x-tenant': 'one' } }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'alice', headers: { 'x-tenant': 'two' } }, sequence: [200, 429] },
    ],
  },
  {
    id: 'rate-told',
    shows: 'tells callers what their limits are and what is left',
    covers: [requests, 'api policy.rateLimits.windowMs'],
    api: withPolicy({ rateLimits: [{ requests: 7, windowMs: 86_400_000, by: 'ip' }] }),
    steps: [
      get('/x', { status: 200, headers: { 'ratelimit-policy': { like: 'q=7;w=86400' }, ratelimit: { like: 'r=6;' } } }),
      get('/x', { status: 200, headers: { ratelimit: { like: 'r=5;' } } }),
    ],
  },
];
