import type { ConformanceCase } from '../case.ts';
import { get, reaches, refused } from './shorthand.ts';

const part = (name: string) => `api route.match.${name}`;

/** Conditions on the request beyond host and path. */
export const matches: readonly ConformanceCase[] = [
  {
    id: 'match-header',
    shows: 'gives an API the requests with a header, and the others to the one without conditions',
    covers: [part('in'), part('name'), part('value')],
    apis: {
      next: { route: { match: [{ in: 'header', name: 'x-version', value: '2' }] }, pools: [{ to: ['b'] }] },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x', reaches({ name: 'b' }), { headers: { 'X-Version': '2' } }),
      get('/x', reaches({ name: 'a' }), { headers: { 'x-version': '20' } }),
      get('/x', reaches({ name: 'a' }), { headers: { 'x-other': '2' } }),
      get('/x?x-version=2', reaches({ name: 'a' })),
      get('/x', reaches({ name: 'a' })),
    ],
  },
  {
    id: 'match-query',
    shows: 'gives an API the requests with a query parameter',
    covers: [part('name'), part('value')],
    apis: {
      next: { route: { match: [{ in: 'query', name: 'v', value: '2' }] }, pools: [{ to: ['b'] }] },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x?v=2', reaches({ name: 'b', path: '/x?v=2' })),
      get('/x?a=1&v=2', reaches({ name: 'b' })),
      get('/x?v=3', reaches({ name: 'a' })),
      get('/x?iv=2', reaches({ name: 'a' })),
      get('/x', reaches({ name: 'a' })),
    ],
  },
  {
    id: 'match-cookie',
    shows: 'gives an API the requests with a cookie',
    covers: [part('name'), part('value')],
    apis: {
      next: { route: { match: [{ in: 'cookie', name: 'v', value: '2' }] }, pools: [{ to: ['b'] }] },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x', reaches({ name: 'b' }), { headers: { cookie: 'a=1; v=2' } }),
      get('/x', reaches({ name: 'a' }), { headers: { cookie: 'a=1; iv=2' } }),
      get('/x', reaches({ name: 'a' }), { headers: { cookie: 'v=3' } }),
      get('/x', reaches({ name: 'a' }), { headers: { v: '2' } }),
    ],
  },
  {
    id: 'match-there',
    shows: 'asks for a header to be there, whatever its value',
    covers: [part('name')],
    api: { route: { match: [{ in: 'header', name: 'x-beta' }] } },
    steps: [
      get('/x', reaches({}), { headers: { 'x-beta': 'any' } }),
      get('/x', reaches({}), { headers: { 'x-beta': '0' } }),
      get('/x', refused(404)),
    ],
  },
  {
    id: 'match-all',
    shows: 'asks for all of several conditions, and prefers the API with more of them',
    covers: [part('name')],
    apis: {
      both: {
        route: {
          match: [
            { in: 'header', name: 'x-a', value: '1' },
            { in: 'query', name: 'b', value: '2' },
          ],
        },
        pools: [{ to: ['c'] }],
      },
      one: { route: { match: [{ in: 'header', name: 'x-a', value: '1' }] }, pools: [{ to: ['b'] }] },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x?b=2', reaches({ name: 'c' }), { headers: { 'x-a': '1' } }),
      get('/x', reaches({ name: 'b' }), { headers: { 'x-a': '1' } }),
      get('/x?b=2', reaches({ name: 'a' })),
    ],
  },
  {
    id: 'match-and-paths',
    shows: 'takes the longest base path before the most conditions, and reads odd paths by the same rules',
    covers: [part('name')],
    apis: {
      next: { route: { match: [{ in: 'header', name: 'x-beta' }] }, pools: [{ to: ['b'] }] },
      deep: { route: { basePath: '/deep' }, pools: [{ to: ['c'] }] },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x', reaches({ name: 'b' }), { headers: { 'x-beta': '1' } }),
      get('/deep/x', reaches({ name: 'c', path: '/x' }), { headers: { 'x-beta': '1' } }),
      get('/a%20b', reaches({ name: 'b', path: '/a%20b' }), { headers: { 'x-beta': '1' } }),
      get('/%64eep/x', { status: 400, upstream: null }, { headers: { 'x-beta': '1' } }),
      get('/a%20b', reaches({ name: 'a' })),
    ],
  },
  {
    id: 'match-hostile-value',
    shows: 'compares a value letter by letter, whatever stands in it',
    covers: [part('value')],
    apis: {
      next: {
        route: { match: [{ in: 'header', name: 'x-v', value: `a'b"c\\ #\${x} %[src] } { -m found` }] },
        pools: [{ to: ['b'] }],
      },
      plain: { pools: [{ to: ['a'] }] },
    },
    steps: [
      get('/x', reaches({ name: 'b' }), { headers: { 'x-v': `a'b"c\\ #\${x} %[src] } { -m found` } }),
      get('/x', reaches({ name: 'a' }), { headers: { 'x-v': 'other' } }),
    ],
  },
];
