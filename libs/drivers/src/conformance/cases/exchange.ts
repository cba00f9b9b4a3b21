import type { ConformanceCase } from '../case.ts';
import { call, get, reaches, withPolicy } from './shorthand.ts';

const part = (name: string) => `api policy.${name}`;

/** Headers, paths and redirects. */
export const exchange: readonly ConformanceCase[] = [
  {
    id: 'request-headers',
    shows: 'sets, adds and removes headers on the way to the upstream',
    covers: [part('headers.request.set'), part('headers.request.add'), part('headers.request.remove')],
    api: withPolicy({
      headers: {
        request: { set: { 'x-set': 'by gateway, "quoted" %[src] \\ $x' }, add: { 'x-add': 'two' }, remove: ['x-gone'] },
      },
    }),
    steps: [
      get(
        '/x',
        reaches({
          headers: {
            'x-set': 'by gateway, "quoted" %[src] \\ $x',
            'x-add': 'one, two',
            'x-gone': null,
            'x-stays': 'yes',
          },
        }),
        {
          headers: { 'X-Set': 'by client', 'x-add': 'one', 'X-Gone': ['a', 'b'], 'x-stays': 'yes' },
        },
      ),
      get('/x', reaches({ headers: { 'x-set': { like: '^by gateway' }, 'x-add': 'two' } })),
    ],
  },
  {
    id: 'response-headers',
    shows: 'sets, adds and removes headers on the way back',
    covers: [part('headers.response.set'), part('headers.response.add'), part('headers.response.remove')],
    api: withPolicy({
      headers: { response: { set: { 'x-set': 'by gateway' }, add: { 'x-add': 'two' }, remove: ['server', 'x-gone'] } },
    }),
    steps: [
      {
        ...get('/x', {
          status: 200,
          headers: { 'x-set': 'by gateway', 'x-add': 'one, two', 'x-gone': null, server: null },
        }),
        upstream: { headers: { 'x-set': 'by upstream', 'x-add': 'one', 'x-gone': 'a', server: 'nonsense/1.0' } },
      },
    ],
  },
  {
    id: 'headers-of-each-api',
    shows: "keeps one API's headers off another's",
    covers: [part('headers.request.set')],
    apis: {
      one: { route: { basePath: '/one' }, policy: { headers: { request: { set: { 'x-api': 'one' } } } } },
      two: { route: { basePath: '/two' }, policy: { headers: { request: { set: { 'x-api': 'two' } } } } },
      none: { route: { basePath: '/none' } },
    },
    steps: [
      get('/one', reaches({ headers: { 'x-api': 'one' } })),
      get('/two', reaches({ headers: { 'x-api': 'two' } })),
      get('/none', reaches({ headers: { 'x-api': null } })),
    ],
  },
  {
    id: 'rewrite-prefix',
    shows: 'puts a prefix before the path once the base path is off',
    covers: [part('rewrite.prefix')],
    api: { route: { basePath: '/pets' }, policy: { rewrite: { prefix: '/v2/animals' } } },
    steps: [
      get('/pets/7?q=1', reaches({ path: '/v2/animals/7?q=1' })),
      get('/pets', reaches({ path: { like: '^/v2/animals/?$' } })),
    ],
  },
  {
    id: 'rewrite-host',
    shows: 'names another host to the upstream',
    covers: [part('rewrite.host')],
    api: withPolicy({ rewrite: { host: 'inner.example' } }),
    steps: [get('/x', reaches({ headers: { host: 'inner.example' } }))],
  },
  {
    id: 'rewrite-paths',
    shows: 'rewrites paths by templates, the first that matches',
    covers: [part('rewrite.paths.from'), part('rewrite.paths.to')],
    api: {
      route: { basePath: '/shop' },
      policy: {
        rewrite: {
          paths: [
            { from: '/pets/{id}/toys/{toy}', to: '/toys/{toy}/of/{id}' },
            { from: '/pets/{id}', to: '/animals/{id}' },
            { from: '/pets/special', to: '/never' },
          ],
        },
      },
    },
    steps: [
      get('/shop/pets/7?q=1', reaches({ path: '/animals/7?q=1' })),
      get('/shop/pets/special', reaches({ path: '/animals/special' })),
      get('/shop/pets/7/toys/ball', reaches({ path: '/toys/ball/of/7' })),
      get('/shop/pets/7/x', reaches({ path: '/pets/7/x' })),
      get('/shop/dogs/7', reaches({ path: '/dogs/7' })),
    ],
  },
  {
    id: 'redirects',
    shows: 'redirects what is to be redirected, with the status that is asked for',
    covers: [part('redirects.from'), part('redirects.to'), part('redirects.status')],
    api: {
      route: { basePath: '/shop' },
      policy: {
        redirects: [
          { from: '/old', to: 'https://new.example/home', status: 301 },
          { from: '/see', to: '/other', status: 303 },
          { from: '/pets/{id}', to: 'https://new.example/animals/{id}', status: 308 },
        ],
      },
    },
    steps: [
      get('/shop/old', { status: 301, upstream: null, headers: { location: 'https://new.example/home' } }),
      call('POST /shop/see', { status: 303, upstream: null, headers: { location: { like: '/other$' } } }),
      get('/shop/pets/7', { status: 308, upstream: null, headers: { location: 'https://new.example/animals/7' } }),
      get('/shop/other', reaches({ path: '/other' })),
    ],
  },
  {
    id: 'redirect-statuses',
    shows: 'knows every status of a redirect',
    covers: [part('redirects.status')],
    api: withPolicy({
      redirects: ([301, 302, 303, 307, 308] as const).map((status) => ({
        from: `/to-${status}`,
        to: `https://new.example/${status}`,
        status,
      })),
    }),
    steps: [301, 302, 303, 307, 308].map((status) =>
      get(`/to-${status}`, { status, upstream: null, headers: { location: `https://new.example/${status}` } }),
    ),
  },
  {
    id: 'redirect-no-split',
    shows: 'lets no part of a path become a header of a redirect',
    covers: [],
    api: withPolicy({ redirects: [{ from: '/pets/{id}', to: 'https://new.example/{id}', status: 302 }] }),
    steps: [
      get('/pets/a%0d%0aset-cookie:x=1', { upstream: null, headers: { 'set-cookie': null } }),
      get('/pets/a%0aset-cookie:x=1', { upstream: null, headers: { 'set-cookie': null } }),
    ],
  },
];
