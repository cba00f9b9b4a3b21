import type { ConformanceCase } from '../case.ts';
import { get, keyAuth, reaches } from './shorthand.ts';

const part = (name: string) => `api policy.${name}`;
const split = (weights: readonly [number, number]) => [
  { name: 'stable', weight: weights[0], to: ['a' as const] },
  { name: 'canary', weight: weights[1], to: ['b' as const] },
];

/** Each call from another one. */
const addresses = `{{turn.${[21, 22, 23, 24, 25, 26, 27, 28].map((host) => `127-0-0-${host}`).join('.')}}}`;

/** Which pool and target a call goes to. */
export const balancing: readonly ConformanceCase[] = [
  {
    id: 'balance-round-robin',
    shows: 'takes targets in turn',
    covers: [],
    api: { pools: [{ to: ['a', 'b', 'c', 'd'] }], policy: { loadBalancing: { algorithm: 'round-robin' } } },
    steps: [{ send: 'GET /x', times: 120, expect: 200, shares: { a: 0.25, b: 0.25, c: 0.25, d: 0.25 } }],
  },
  {
    id: 'balance-random',
    shows: 'takes targets at random',
    covers: [],
    api: { pools: [{ to: ['a', 'b'] }], policy: { loadBalancing: { algorithm: 'random' } } },
    steps: [{ send: 'GET /x', times: 200, expect: 200, shares: { a: 0.5, b: 0.5 } }],
  },
  {
    id: 'balance-least-connections',
    shows: 'takes the target that has the least to do',
    covers: [part('loadBalancing.algorithm')],
    api: { pools: [{ to: ['a', 'b'] }], policy: { loadBalancing: { algorithm: 'least-connections' } } },
    steps: [
      // One call stays with `a` until eight others were answered: `b` answers those.
      {
        send: 'GET /x',
        times: 9,
        atOnce: 2,
        at: { a: { afterAnswers: 8 } },
        expect: 200,
        shares: { b: 8 / 9 },
        counts: { 200: 9 },
      },
    ],
  },
  ...(
    [
      ['path', undefined],
      ['header', 'x-tenant'],
      ['cookie', 'tenant'],
    ] as const
  ).map(([by, name]): ConformanceCase => ({
    id: `balance-hash-${by}`,
    shows: `takes the same target for the same ${by}`,
    covers: [
      part('loadBalancing.algorithm'),
      part('loadBalancing.hash.by'),
      ...(name === undefined ? [] : [part('loadBalancing.hash.name')]),
    ],
    api: {
      pools: [{ to: ['a', 'b', 'c', 'd'] }],
      policy: { loadBalancing: { algorithm: 'hash', hash: { by, ...(name === undefined ? {} : { name }) } } },
    },
    steps: ['one', 'two', 'three', 'four', 'five', 'six'].map((value) => ({
      send: {
        from: addresses,
        line: by === 'path' ? `GET /${value}` : 'GET /x',
        headers: {
          'x-tenant': by === 'header' ? value : '{{call}}',
          cookie: by === 'cookie' ? `a=1; tenant=${value}` : 'tenant={{call}}',
        },
      },
      times: 8,
      oneUpstream: true,
    })),
  })),
  {
    id: 'balance-hash-ip',
    shows: 'takes the same target for the same address',
    covers: [part('loadBalancing.algorithm')],
    api: {
      pools: [{ to: ['a', 'b', 'c', 'd'] }],
      policy: { loadBalancing: { algorithm: 'hash', hash: { by: 'ip' } } },
    },
    steps: [8, 9, 10, 11].map((host) => ({
      send: { line: 'GET /{{call}}', from: `127.0.0.${host}` },
      times: 8,
      oneUpstream: true,
    })),
  },
  {
    id: 'balance-hash-consumer',
    shows: 'takes the same target for the same consumer',
    covers: [part('loadBalancing.hash.by')],
    api: {
      pools: [{ to: ['a', 'b', 'c', 'd'] }],
      policy: { auth: keyAuth, loadBalancing: { algorithm: 'hash', hash: { by: 'consumer' } } },
    },
    consumers: { alice: {}, bob: {}, carol: {} },
    steps: ['alice', 'bob', 'carol'].map((as) => ({
      send: { line: 'GET /{{call}}', as },
      times: 8,
      oneUpstream: true,
    })),
  },
  {
    id: 'sticky',
    shows: 'gives a cookie, and takes the target that it names again',
    covers: [part('loadBalancing.sticky.cookie')],
    api: {
      pools: [{ to: ['a', 'b'] }],
      policy: { loadBalancing: { algorithm: 'round-robin', sticky: { cookie: 'route' } } },
    },
    steps: [
      { send: 'GET /x', times: 4, expect: { status: 200, headers: { 'set-cookie': { like: '^route=[^;]+' } } } },
      { send: { line: 'GET /x', cookies: 'route' }, times: 10, expect: 200, oneUpstream: true },
    ],
  },
  {
    id: 'sticky-lifetime',
    shows: 'has its cookie end when it is told to',
    covers: [part('loadBalancing.sticky.lifetimeMs')],
    api: {
      pools: [{ to: ['a', 'b'] }],
      policy: { loadBalancing: { algorithm: 'round-robin', sticky: { cookie: 'route', lifetimeMs: 3_600_000 } } },
    },
    steps: [
      get('/x', {
        status: 200,
        headers: { 'set-cookie': { like: '^route=[^;]+;.*([Mm]ax-[Aa]ge=3600|[Ee]xpires=)' } },
      }),
    ],
  },
  {
    id: 'canary-header',
    shows: 'sends calls with a header to a pool without weight',
    covers: [part('canary.pool'), part('canary.match.name'), part('canary.match.value')],
    api: {
      pools: split([100, 0]),
      policy: { canary: { pool: 'canary', match: [{ in: 'header', name: 'x-canary', value: 'yes' }], sticky: 'none' } },
    },
    steps: [
      { send: { line: 'GET /x', headers: { 'X-Canary': 'yes' } }, times: 5, expect: reaches({ name: 'b' }) },
      { send: { line: 'GET /x', headers: { 'x-canary': 'no' } }, times: 5, expect: reaches({ name: 'a' }) },
      { send: { line: 'GET /x', headers: { 'x-other': 'yes' } }, times: 5, expect: reaches({ name: 'a' }) },
      { send: 'GET /x', times: 5, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'canary-cookie',
    shows: 'sends calls with a cookie to the canary, whatever its value where none is named',
    covers: [part('canary.match.in'), part('canary.match.name')],
    api: {
      pools: split([100, 0]),
      policy: { canary: { pool: 'canary', match: [{ in: 'cookie', name: 'beta' }], sticky: 'none' } },
    },
    steps: [
      { send: { line: 'GET /x', headers: { cookie: 'a=1; beta=0' } }, times: 5, expect: reaches({ name: 'b' }) },
      { send: { line: 'GET /x', headers: { cookie: 'alphabeta=1' } }, times: 5, expect: reaches({ name: 'a' }) },
      { send: { line: 'GET /x', headers: { beta: '1' } }, times: 5, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'canary-sticky-consumer',
    shows: 'keeps a consumer on the side that the weights gave it',
    covers: [part('canary.sticky')],
    api: {
      pools: split([50, 50]),
      policy: { auth: keyAuth, canary: { pool: 'canary', match: [], sticky: 'consumer' } },
    },
    consumers: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`c${index}`, {}])),
    steps: Array.from({ length: 12 }, (_, index) => ({
      send: { line: 'GET /x', as: `c${index}` },
      times: 8,
      expect: 200,
      oneUpstream: true,
    })),
  },
  {
    id: 'canary-sticky-ip',
    shows: 'keeps an address on the side that the weights gave it, and the weights over all of them',
    covers: [part('canary.sticky')],
    api: { pools: split([50, 50]), policy: { canary: { pool: 'canary', match: [], sticky: 'ip' } } },
    steps: Array.from({ length: 8 }, (_, index) => ({
      send: { line: 'GET /x', from: `127.0.0.${20 + index}` },
      times: 8,
      expect: 200,
      oneUpstream: true,
    })),
  },
];
