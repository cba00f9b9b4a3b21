import type { ConformanceCase } from '../case.ts';
import { call, get, reaches, refused } from './shorthand.ts';

const hosts = 'api route.hosts';
const basePath = 'api route.basePath';

/** Which API a request belongs to, and what path goes on. */
export const routing: readonly ConformanceCase[] = [
  {
    id: 'host-exact',
    shows: 'routes by the exact host and knows no other',
    covers: [hosts],
    api: { route: { hosts: ['shop'] } },
    steps: [
      get('/x', reaches({ name: 'a', path: '/x' }), { host: 'shop.{{host}}' }),
      get('/x', refused(404), { host: 'shops.{{host}}' }),
      get('/x', refused(404), { host: 'a.shop.{{host}}' }),
      get('/x', refused(404), { host: '{{host}}' }),
    ],
  },
  {
    id: 'host-several',
    shows: 'serves one API at several hosts',
    covers: [hosts],
    api: { route: { hosts: ['one', 'two'] } },
    steps: [
      get('/', reaches({}), { host: 'one.{{host}}' }),
      get('/', reaches({}), { host: 'two.{{host}}' }),
      get('/', refused(404), { host: 'three.{{host}}' }),
    ],
  },
  {
    id: 'host-wildcard',
    shows: 'lets a wildcard stand for one label, behind exact hosts and before any host',
    covers: [hosts],
    apis: {
      wild: { route: { hosts: ['*'] }, pools: [{ to: ['a'] }] },
      exact: { route: { hosts: ['shop'], basePath: '/deep' }, pools: [{ to: ['b'] }] },
      any: { route: { hosts: [], basePath: '/{{id}}' }, pools: [{ to: ['c'] }] },
    },
    steps: [
      get('/x', reaches({ name: 'a', path: '/x' }), { host: 'one.{{host}}' }),
      get('/{{id}}/x', reaches({ name: 'a', path: '/{{id}}/x' }), { host: 'Two.{{host}}:8080' }),
      get('/x', reaches({ name: 'a' }), { host: 'shop.{{host}}' }),
      get('/deep/x', reaches({ name: 'b', path: '/x' }), { host: 'shop.{{host}}' }),
      get('/x', refused(404), { host: 'a.one.{{host}}' }),
      get('/x', refused(404), { host: '{{host}}' }),
      get('/{{id}}/x', reaches({ name: 'c', path: '/x' }), { host: 'a.one.{{host}}' }),
      get('/{{id}}/x', reaches({ name: 'c' }), { host: '.{{host}}' }),
    ],
  },
  {
    id: 'host-spellings',
    shows: 'reads a host in any case, with a port, and with a final dot',
    covers: [],
    api: {},
    steps: ['{{host}}', 'HOST-spellings.TEST', '{{host}}:8080', '{{host}}.', '{{host}}.:80'].map((host) =>
      get('/x', reaches({ path: '/x' }), { host: host.replace('HOST-spellings.TEST', '{{id}}.TesT') }),
    ),
  },
  {
    id: 'host-malformed',
    shows: 'refuses a host that holds a path, a space or two hosts',
    covers: [],
    api: {},
    steps: [
      get('/x', { status: 400, upstream: null }, { host: '{{host}}/x' }),
      {
        send: { raw: 'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\nHost: other.test\r\n\r\n' },
        expect: { status: 400, upstream: null },
      },
      { send: { raw: 'GET /{{call}} HTTP/1.1\r\n\r\n' }, expect: { upstream: null } },
    ],
  },
  {
    id: 'host-none',
    shows: 'serves an API without hosts at any host',
    covers: [],
    api: { route: { hosts: [], basePath: '/{{id}}' } },
    steps: [
      get('/{{id}}/x', reaches({ path: '/x' }), { host: 'what.ever' }),
      get('/{{id}}/x', reaches({ path: '/x' }), { host: '127.0.0.1' }),
      get('/{{id}}x', refused(404), { host: 'what.ever' }),
    ],
  },
  {
    id: 'host-before-any-host',
    shows: 'prefers an API that names the host to one that serves any host',
    covers: [hosts],
    apis: {
      any: { route: { hosts: [], basePath: '/{{id}}/deep' }, pools: [{ to: ['a'] }] },
      named: { route: { basePath: '/{{id}}' }, pools: [{ to: ['b'] }] },
    },
    steps: [
      get('/{{id}}/deep/x', reaches({ name: 'b', path: '/deep/x' })),
      get('/{{id}}/deep/x', reaches({ name: 'a', path: '/x' }), { host: 'what.ever' }),
    ],
  },
  {
    id: 'base-path',
    shows: 'routes by base path at segment borders and takes it off',
    covers: [basePath],
    api: { route: { basePath: '/pets' } },
    steps: [
      get('/pets/7?q=1&r=%20', reaches({ path: '/7?q=1&r=%20' })),
      get('/pets', reaches({ path: '/' })),
      get('/pets/', reaches({ path: '/' })),
      get('/pets?q=1', reaches({ path: '/?q=1' })),
      get('/petshop', refused(404)),
      get('/pet', refused(404)),
      get('/', refused(404)),
      get('/x/pets', refused(404)),
    ],
  },
  {
    id: 'base-path-kept',
    shows: 'keeps the base path where asked to',
    covers: ['api route.keepBasePath', basePath],
    api: { route: { basePath: '/pets', keepBasePath: true } },
    steps: [
      get('/pets/7?q=1', reaches({ path: '/pets/7?q=1' })),
      get('/pets', reaches({ path: '/pets' })),
      get('/pets/', reaches({ path: '/pets/' })),
    ],
  },
  {
    id: 'base-path-longest',
    shows: 'takes the longest base path, whatever their order and names',
    covers: [],
    apis: {
      z: { route: { basePath: '/v1/pets' }, pools: [{ to: ['a'] }] },
      m: { route: { basePath: '/v1/pets/toys' }, pools: [{ to: ['b'] }] },
      a: { route: { basePath: '/v1' }, pools: [{ to: ['c'] }] },
      root: { route: { basePath: '/' }, pools: [{ to: ['d'] }] },
    },
    steps: [
      get('/v1/pets/7', reaches({ name: 'a', path: '/7' })),
      get('/v1/pets/toys/7', reaches({ name: 'b', path: '/7' })),
      get('/v1/pets/toyshop', reaches({ name: 'a', path: '/toyshop' })),
      get('/v1/petshop', reaches({ name: 'c', path: '/petshop' })),
      get('/v10', reaches({ name: 'd', path: '/v10' })),
      get('/', reaches({ name: 'd', path: '/' })),
    ],
  },
  {
    id: 'base-path-case',
    shows: 'tells letters by case in paths',
    covers: [basePath],
    api: { route: { basePath: '/Pets' } },
    steps: [get('/Pets/1', reaches({ path: '/1' })), get('/pets/1', refused(404)), get('/PETS/1', refused(404))],
  },
  {
    id: 'base-path-characters',
    shows: 'takes every plain character of a base path literally',
    covers: [basePath],
    api: { route: { basePath: '/v1.2/a_b~c-d' } },
    steps: [get('/v1.2/a_b~c-d/x', reaches({ path: '/x' })), get('/v1x2/a_b~c-d/x', refused(404))],
  },
  {
    id: 'same-path-other-host',
    shows: 'keeps the same base path apart by host',
    covers: [],
    apis: {
      one: { route: { hosts: ['one'], basePath: '/pets' }, pools: [{ to: ['a'] }] },
      two: { route: { hosts: ['two'], basePath: '/pets' }, pools: [{ to: ['b'] }] },
    },
    steps: [
      get('/pets/1', reaches({ name: 'a' }), { host: 'one.{{host}}' }),
      get('/pets/1', reaches({ name: 'b' }), { host: 'two.{{host}}' }),
    ],
  },
  {
    id: 'no-route',
    shows: 'answers what belongs to no API with a problem of its own',
    covers: [],
    api: { route: { basePath: '/pets' } },
    steps: [
      get('/nowhere', refused(404)),
      call('DELETE /nowhere', refused(404)),
      call('HEAD /nowhere', { status: 404, upstream: null }),
    ],
  },
  {
    id: 'methods-pass',
    shows: 'passes every method on as it is',
    covers: [],
    api: {},
    steps: [
      ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'].map((method) =>
        call(`${method} /x`, reaches({ method, path: '/x' })),
      ),
      call('TRACE /x', refused(405)),
    ],
  },
  {
    id: 'bodies-pass',
    shows: 'passes bodies on, of a stated length and in chunks',
    covers: [],
    api: {},
    steps: [
      call('POST /x', reaches({ method: 'POST', body: '{"a":1}' }), { body: '{"a":1}' }),
      call('PUT /x', reaches({ body: 'x'.repeat(100_000) }), { body: 'x'.repeat(100_000) }),
      call('POST /x', reaches({ body: 'hello world' }), {
        headers: { 'Transfer-Encoding': 'chunked' },
        body: '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      }),
      call('DELETE /x', reaches({ body: 'why not' }), { body: 'why not' }),
    ],
  },
  {
    id: 'queries-pass',
    shows: 'passes queries on byte for byte',
    covers: [],
    api: { route: { basePath: '/q' } },
    steps: [
      '?',
      '?a=1&a=2',
      '?a=%2F%2E%2E&b=;c',
      '?x=/../y',
      '?a=b?c=d',
      '?%00=1',
      '?ä'.normalize('NFD').replace(/[^\x20-\x7e]/g, '~'),
    ].map((query) => get(`/q/x${query}`, reaches({ path: `/x${query}` }))),
  },
  {
    id: 'answers-pass',
    shows: "passes an upstream's answer on: status, headers and body",
    covers: [],
    api: {},
    steps: [200, 201, 204, 206, 301, 304, 400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 503].map((status) => ({
      ...get('/x', { status, headers: { 'x-own': 'yes', 'set-cookie': 'a=1, b=2' }, upstream: { times: 1 } }),
      upstream: {
        status,
        headers: { 'x-own': 'yes', 'set-cookie': ['a=1', 'b=2'] },
        body: status === 204 ? '' : '{"own":true}',
      },
    })),
  },
  {
    id: 'http2-clients',
    shows: 'serves clients that speak HTTP/2 without TLS',
    covers: [],
    api: { route: { basePath: '/pets' } },
    steps: [
      get('/pets/7?q=1', reaches({ path: '/7?q=1' }), { http: '2' }),
      call('POST /pets', reaches({ method: 'POST', body: 'hello' }), { http: '2', body: 'hello' }),
      get('/nowhere', refused(404), { http: '2' }),
    ],
  },
  {
    id: 'host-wildcard-order',
    shows: 'prefers an exact host to a wildcard, whatever their paths, and a wildcard to no host',
    covers: [],
    apis: {
      exact: { route: { hosts: ['shop'] }, pools: [{ to: ['a'] }] },
      wild: { route: { hosts: ['*'], basePath: '/{{id}}' }, pools: [{ to: ['b'] }] },
      any: { route: { hosts: [], basePath: '/{{id}}' }, pools: [{ to: ['c'] }] },
    },
    steps: [
      get('/{{id}}/x', reaches({ name: 'a', path: '/{{id}}/x' }), { host: 'shop.{{host}}' }),
      get('/{{id}}/x', reaches({ name: 'b', path: '/x' }), { host: 'other.{{host}}' }),
      get('/{{id}}/x', reaches({ name: 'c', path: '/x' }), { host: 'other.test' }),
    ],
  },
];
