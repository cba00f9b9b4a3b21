import type { ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';

const kind = 'api policy.auth.kind';
const challenge = { headers: { 'www-authenticate': { like: '.' } } };
const everywhere = { kind: 'apiKey', header: 'X-Api-Key', bearer: true, query: 'api_key' } as const;

/** API keys, consumers and plans. */
export const keys: readonly ConformanceCase[] = [
  {
    id: 'key-in-header',
    shows: 'lets a key in, names its consumer to the upstream, and takes the key out',
    covers: [kind, 'api policy.auth.header', 'consumer keyHashes'],
    api: withPolicy({ auth: { ...keyAuth, header: 'X-Own-Key' } }),
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({ headers: { 'x-own-key': null, 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        headers: { 'x-own-key': '{{key.alice}}' },
      }),
      get('/x', refused(401, challenge), { headers: { 'x-api-key': '{{key.alice}}' } }),
      get('/x', refused(401, challenge)),
    ],
  },
  {
    id: 'key-expired',
    shows: 'takes a key until the end of its last day',
    covers: ['consumer keyExpiries'],
    api: withPolicy({ auth: keyAuth }),
    consumers: {
      alice: { keyExpiries: { '{{hash.alice}}': '2020-02-29' } },
      bob: { keyExpiries: { '{{hash.bob}}': '2999-12-31' } },
    },
    steps: [get('/x', refused(401, challenge), { as: 'alice' }), get('/x', reaches({}), { as: 'bob' })],
  },
  {
    id: 'key-refused',
    shows: 'refuses a call without a key, with an empty one and with an unknown one',
    covers: [kind],
    api: withPolicy({ auth: everywhere }),
    consumers: { alice: {} },
    steps: [
      get('/x', refused(401, challenge)),
      get('/x', refused(401, challenge), { headers: { 'x-api-key': '' } }),
      get('/x', refused(401, challenge), { headers: { 'x-api-key': 'nobody' } }),
      get('/x', refused(401, challenge), { headers: { 'x-api-key': '{{key.alice}} x' } }),
      get('/x', refused(401, challenge), { headers: { 'x-api-key': 'x'.repeat(4000) } }),
      get('/x', refused(401, challenge), { headers: { authorization: 'Bearer nobody' } }),
      get('/x', refused(401, challenge), { headers: { authorization: 'Basic {{key.alice}}' } }),
      get('/x?api_key=nobody', refused(401, challenge)),
      get('/x?API_KEY={{key.alice}}', refused(401, challenge)),
    ],
  },
  {
    id: 'key-as-bearer',
    shows: 'takes a key as a bearer token where that is asked for',
    covers: ['api policy.auth.bearer'],
    api: withPolicy({ auth: { ...keyAuth, bearer: true } }),
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({ headers: { authorization: null, 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        headers: { authorization: 'Bearer {{key.alice}}' },
      }),
      get('/x', reaches({ headers: { authorization: null } }), { headers: { authorization: 'bearer {{key.alice}}' } }),
    ],
  },
  {
    id: 'key-not-as-bearer',
    shows: 'takes no key as a bearer token or in the query where that is not asked for',
    covers: [],
    api: withPolicy({ auth: keyAuth }),
    consumers: { alice: {} },
    steps: [
      get('/x', refused(401), { headers: { authorization: 'Bearer {{key.alice}}' } }),
      get('/x?api_key={{key.alice}}', refused(401)),
      get('/x', reaches({ headers: { authorization: 'Bearer of-the-upstream' } }), {
        as: 'alice',
        headers: { authorization: 'Bearer of-the-upstream' },
      }),
    ],
  },
  {
    id: 'key-in-query',
    shows: 'takes a key from the query and leaves the other parameters as they are',
    covers: ['api policy.auth.query'],
    api: withPolicy({ auth: { ...keyAuth, query: 'key' } }),
    consumers: { alice: {} },
    steps: [
      get('/x?key={{key.alice}}', reaches({ path: '/x' })),
      get('/x?a=1&key={{key.alice}}', reaches({ path: '/x?a=1' })),
      get('/x?key={{key.alice}}&a=1', reaches({ path: '/x?a=1' })),
      get('/x?a=%20&key={{key.alice}}&b=2', reaches({ path: '/x?a=%20&b=2' })),
      get('/x?a=1&key={{key.alice}}&b=2&key={{key.alice}}', reaches({ path: '/x?a=1&b=2' })),
      get('/x?monkey=1&key={{key.alice}}', reaches({ path: '/x?monkey=1' })),
    ],
  },
  {
    id: 'key-header-first',
    shows: 'reads the header before the bearer token and the query, and takes all of them out',
    covers: [],
    api: withPolicy({ auth: everywhere }),
    consumers: { alice: {}, bob: {} },
    steps: [
      get(
        '/x?api_key={{key.bob}}',
        reaches({
          path: '/x',
          headers: { 'x-api-key': null, authorization: null, 'x-gitway-consumer': '{{consumer.alice}}' },
        }),
        { as: 'alice', headers: { authorization: 'Bearer {{key.bob}}' } },
      ),
      get('/x?api_key={{key.bob}}', refused(401), { headers: { 'x-api-key': 'nobody' } }),
    ],
  },
  {
    id: 'keys-several',
    shows: 'knows a consumer by each of its keys',
    covers: ['consumer keyHashes'],
    api: withPolicy({ auth: keyAuth }),
    consumers: {
      // SHA-256 of `first-conformance-key` and of `second-conformance-key`.
      alice: {
        keyHashes: [
          'afcf1e296b4c6f6a382dd4aa8c58e2bb11d7b2f648d210edaad95eb7656a6efb',
          'fd3f1d6cd32d7f958a79db80f1ae72cdd20fb072c9be9147db93960cbccea43a',
        ],
      },
    },
    steps: ['first', 'second'].map((name) =>
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        headers: { 'x-api-key': `${name}-conformance-key` },
      }),
    ),
  },
  {
    id: 'consumer-suspended',
    shows: 'refuses a suspended consumer with 403, and not as unknown',
    covers: ['consumer suspended'],
    api: withPolicy({ auth: keyAuth }),
    consumers: { alice: {}, bob: { suspended: true } },
    steps: [get('/x', reaches({}), { as: 'alice' }), get('/x', refused(403), { as: 'bob' })],
  },
  {
    id: 'consumer-forged',
    shows: 'lets nobody state an identity, in any spelling',
    covers: [],
    apis: {
      open: { route: { basePath: '/open' } },
      closed: { route: { basePath: '/closed' }, policy: { auth: keyAuth } },
    },
    consumers: { alice: {} },
    steps: [
      ...['X-Gitway-Consumer', 'x_gitway_consumer', 'X.Gitway.Consumer', 'X-GITWAY-Plan'].flatMap((name) => [
        get('/open', reaches({ headers: { [name]: null, 'x-gitway-consumer': null } }), {
          headers: { [name]: 'root' },
        }),
        get('/closed', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}', x_gitway_consumer: null } }), {
          as: 'alice',
          headers: { [name]: 'root' },
        }),
      ]),
      get('/closed', refused(401), { headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }),
    ],
  },
  {
    id: 'key-not-kept',
    shows: 'asks each call for a key, also on a connection that had one',
    covers: [],
    api: withPolicy({ auth: keyAuth }),
    consumers: { alice: {} },
    steps: [
      {
        send: {
          as: 'alice',
          line: 'GET /x',
          talk: [{ send: 'GET /y HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n', until: 'HTTP/1.1 401' }],
        },
        expect: { status: 200, upstream: { path: '/x' } },
      },
    ],
  },
  {
    id: 'key-of-another-api',
    shows: 'asks nobody for a key at an API that is open',
    covers: [],
    apis: {
      open: { route: { basePath: '/open' } },
      closed: { route: { basePath: '/closed' }, policy: { auth: keyAuth } },
    },
    consumers: { alice: {} },
    steps: [
      get('/open', reaches({ headers: { 'x-gitway-consumer': null } })),
      // What is no credential here belongs to the upstream.
      get('/open', reaches({ headers: { 'x-api-key': 'its-own' } }), { headers: { 'x-api-key': 'its-own' } }),
      get('/closed', refused(401)),
    ],
  },
  {
    id: 'key-in-every-method',
    shows: 'asks every method for a key',
    covers: [kind],
    api: withPolicy({ auth: keyAuth }),
    consumers: { alice: {} },
    steps: [
      ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => call(`${method} /x`, refused(401))),
      call('HEAD /x', { status: 401, upstream: null }),
    ],
  },
  {
    id: 'plans',
    shows: 'lets in consumers that hold one of the plans, and refuses others with 403',
    covers: ['api plans', 'consumer plans'],
    api: { plans: ['gold', 'silver'], policy: { auth: keyAuth } },
    plans: { gold: {}, silver: {}, tin: {} },
    consumers: { gold: { plans: ['gold'] }, silver: { plans: ['tin', 'silver'] }, tin: { plans: ['tin'] }, none: {} },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.gold}}' } }), { as: 'gold' }),
      get('/x', reaches({}), { as: 'silver' }),
      get('/x', refused(403), { as: 'tin' }),
      get('/x', refused(403), { as: 'none' }),
      get('/x', refused(401)),
    ],
  },
  {
    id: 'plans-of-two-apis',
    shows: 'opens each API to its own plans alone',
    covers: ['api plans', 'consumer plans'],
    apis: {
      one: { route: { basePath: '/one' }, plans: ['a'], policy: { auth: keyAuth } },
      two: { route: { basePath: '/two' }, plans: ['b'], policy: { auth: keyAuth } },
      any: { route: { basePath: '/any' }, policy: { auth: keyAuth } },
    },
    plans: { a: {}, b: {}, 'a-b': {} },
    consumers: { alice: { plans: ['a'] }, bob: { plans: ['b'] }, carol: { plans: ['a-b'] } },
    steps: [
      get('/one', reaches({}), { as: 'alice' }),
      get('/two', refused(403), { as: 'alice' }),
      get('/one', refused(403), { as: 'bob' }),
      get('/two', reaches({}), { as: 'bob' }),
      // A plan is its whole name, not a part of it.
      get('/one', refused(403), { as: 'carol' }),
      get('/two', refused(403), { as: 'carol' }),
      get('/any', reaches({}), { as: 'carol' }),
    ],
  },
  {
    id: 'lifecycle',
    shows: 'answers 410 for a retired API and serves the others',
    covers: ['api lifecycle'],
    apis: {
      retired: { lifecycle: 'retired', route: { basePath: '/retired' } },
      deprecated: { lifecycle: 'deprecated', route: { basePath: '/deprecated' } },
      experimental: { lifecycle: 'experimental', route: { basePath: '/experimental' } },
      active: { lifecycle: 'active', route: { basePath: '/active' } },
    },
    steps: [
      get('/retired/x', refused(410)),
      ...['deprecated', 'experimental', 'active'].map((name) => get(`/${name}/x`, reaches({ path: '/x' }))),
    ],
  },
];
