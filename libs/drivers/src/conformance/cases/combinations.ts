import type { ConformanceCase } from '../case.ts';
import { call, day, get, keyAuth, reaches, refused } from './shorthand.ts';

const cors = {
  origins: ['https://shop.test'],
  methods: ['GET'],
  headers: ['x-api-key'],
  exposeHeaders: [],
  credentials: false,
  maxAgeMs: 60_000,
};
const browser = { headers: { origin: 'https://shop.test' } };
const asked = { headers: { ...browser.headers, 'access-control-request-method': 'GET' } };
const allowed = { headers: { 'access-control-allow-origin': 'https://shop.test' } };
const one = (by: 'ip' | 'consumer') => [{ requests: 1, windowMs: day, by }];

/** Several parts of the vocabulary in one API, and which of them goes first. */
export const combinations: readonly ConformanceCase[] = [
  {
    id: 'auth-then-limits',
    shows: 'asks who calls before it counts, and counts only who may call',
    covers: [],
    api: { plans: ['gold'], policy: { auth: keyAuth, rateLimits: one('ip') } },
    plans: { gold: {} },
    consumers: { alice: { plans: ['gold'] }, bob: {} },
    steps: [
      { send: 'GET /x', sequence: [401, 401] },
      { send: { line: 'GET /x', as: 'bob' }, sequence: [403, 403] },
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 429] },
    ],
  },
  {
    id: 'cors-and-limits',
    shows: 'counts no preflight, and lets browsers read that a limit is reached',
    covers: [],
    api: { policy: { cors, rateLimits: one('ip') } },
    steps: [
      { send: { line: 'OPTIONS /x', ...asked }, times: 3, expect: { status: 204, upstream: null } },
      get('/x', { status: 200, ...allowed }, browser),
      get('/x', refused(429, allowed), browser),
    ],
  },
  {
    id: 'cors-and-declared-operations',
    shows: 'answers a preflight of an operation that declares no OPTIONS',
    covers: [],
    api: { route: { onlyDeclaredOperations: true }, operations: ['get GET /x'], policy: { cors } },
    steps: [
      call('OPTIONS /x', { status: 204, upstream: null, ...allowed }, asked),
      get('/x', { status: 200, ...allowed }, browser),
      get('/y', refused(404, allowed), browser),
    ],
  },
  {
    id: 'declared-before-auth',
    shows: 'tells of an operation that is not declared as it does to everybody',
    covers: [],
    api: { route: { onlyDeclaredOperations: true }, operations: ['get GET /x'], policy: { auth: keyAuth } },
    consumers: { alice: {} },
    steps: [
      get('/x', refused(401)),
      get('/x', reaches({}), { as: 'alice' }),
      get('/y', refused(404), { as: 'alice' }),
      call('POST /x', refused(405), { as: 'alice' }),
      get('/y', { upstream: null, problem: true }),
    ],
  },
  {
    id: 'retired-before-all',
    shows: 'says that an API is retired whatever else is asked of a call',
    covers: ['api lifecycle'],
    api: { lifecycle: 'retired', policy: { auth: keyAuth, rateLimits: one('ip') } },
    consumers: { alice: {} },
    steps: [{ send: 'GET /x', times: 3, expect: refused(410) }, get('/x', refused(410), { as: 'alice' })],
  },
  {
    id: 'maintenance-and-cors',
    shows: 'lets browsers read that there is a maintenance',
    covers: [],
    api: { policy: { cors, maintenance: { status: 503, message: 'Soon.', allow: [] } } },
    steps: [get('/x', refused(503, allowed), browser)],
  },
  {
    id: 'headers-and-identity',
    shows: "lets no headers of an API's policy name a consumer",
    covers: [],
    api: { policy: { auth: keyAuth, headers: { request: { set: { 'x-tier': 'gold' }, remove: ['x-secret'] } } } },
    consumers: { alice: {} },
    steps: [
      get(
        '/x',
        reaches({ headers: { 'x-tier': 'gold', 'x-secret': null, 'x-gitway-consumer': '{{consumer.alice}}' } }),
        {
          as: 'alice',
          headers: { 'x-tier': 'tin', 'x-secret': '1' },
        },
      ),
    ],
  },
  {
    id: 'deprecation-and-errors',
    shows: 'says on its own answers too that an API is deprecated',
    covers: ['api deprecation.since'],
    api: {
      lifecycle: 'deprecated',
      deprecation: { since: '2024-01-01', sunset: '2099-12-31' },
      policy: { auth: keyAuth },
    },
    steps: [get('/x', refused(401, { headers: { deprecation: { like: '.' }, sunset: { like: '2099' } } }))],
  },
  {
    id: 'pools-and-base-path',
    shows: 'does the same to a path whichever pool it goes to',
    covers: [],
    api: {
      route: { basePath: '/v1/pets' },
      pools: [
        { name: 'one', weight: 50, to: ['a'] },
        { name: 'two', weight: 50, to: ['b', 'c'] },
      ],
      policy: { auth: keyAuth },
    },
    consumers: { alice: {} },
    steps: [
      {
        send: { line: 'GET /v1/pets/7', as: 'alice' },
        times: 60,
        expect: reaches({ path: '/7', headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }),
        shares: { a: 0.5 },
      },
    ],
  },
  {
    id: 'pools-with-one-down',
    shows: 'answers 503 for the share of a pool that is down, and 200 for the others',
    covers: [],
    api: {
      pools: [
        { name: 'one', weight: 50, to: ['a'] },
        { name: 'two', weight: 50, to: ['dead'] },
      ],
    },
    steps: [{ send: 'GET /x', times: 100, atOnce: 10, shares: { a: 0.5 } }],
  },
  {
    id: 'many-apis-one-host',
    shows: 'keeps forty APIs of one host apart',
    covers: [],
    apis: Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `n${index}`,
        {
          route: { basePath: `/n${index}` },
          pools: [{ to: [(['a', 'b', 'c', 'd'] as const)[index % 4]!] }],
          policy: index % 3 === 0 ? { auth: keyAuth } : {},
        },
      ]),
    ),
    consumers: { alice: {} },
    steps: Array.from({ length: 40 }, (_, index) =>
      get(
        `/n${index}/x`,
        index % 3 === 0 ? refused(401) : reaches({ name: (['a', 'b', 'c', 'd'] as const)[index % 4]!, path: '/x' }),
      ),
    ),
  },
  {
    id: 'operations-and-plans',
    shows: 'counts what a plan opens by the plan, and refuses what it does not open uncounted',
    covers: ['api planOperations', 'plan rateLimits.requests'],
    api: {
      operations: ['read GET /x', 'write POST /x'],
      plans: ['reader'],
      planOperations: { reader: ['read'] },
      policy: { auth: keyAuth },
    },
    plans: { reader: { rateLimits: [{ requests: 2, windowMs: day, by: 'consumer' }] } },
    consumers: { alice: { plans: ['reader'] } },
    steps: [
      { send: { line: 'POST /x', as: 'alice' }, sequence: [403, 403, 403] },
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'limits-and-http2',
    shows: 'counts calls of HTTP/1.1 and HTTP/2 together',
    covers: [],
    api: { policy: { auth: keyAuth, rateLimits: one('consumer') } },
    consumers: { alice: {}, bob: {} },
    steps: [
      { send: { line: 'GET /x', as: 'alice' }, sequence: [200, 429] },
      { send: { line: 'GET /x', as: 'alice', http: '2' }, sequence: [429] },
      { send: { line: 'GET /x', as: 'bob', http: '2' }, sequence: [200, 429] },
    ],
  },
  {
    id: 'stream-and-limits',
    shows: 'streams to a caller that is known and counted',
    covers: [],
    api: { policy: { auth: keyAuth, rateLimits: one('consumer') } },
    consumers: { alice: {} },
    steps: [
      {
        send: { line: 'GET /events', as: 'alice' },
        upstream: { headers: { 'content-type': 'text/event-stream' }, pieces: ['data: 1\n\n', 'data: 2\n\n'] },
        expect: { status: 200, body: 'data: 1\n\ndata: 2\n\n' },
      },
      get('/events', refused(429), { as: 'alice' }),
    ],
  },
];
