import type { ConformanceCase, PoolOf } from '../case.ts';
import { call, get, reaches, refused, withPolicy } from './shorthand.ts';

const healthy: Omit<PoolOf, 'to'> = {
  healthCheck: { path: '/health/{{id}}', intervalMs: 500, unhealthyAfter: 2, healthyAfter: 2 },
};

/** Pools, targets, health, time-outs. */
export const upstreams: readonly ConformanceCase[] = [
  {
    id: 'pool-weights',
    shows: 'shares calls out over pools by their weights',
    covers: ['api pools.weight'],
    api: {
      pools: [
        { name: 'stable', weight: 80, to: ['a'] },
        { name: 'canary', weight: 20, to: ['b'] },
      ],
    },
    steps: [{ send: 'GET /x', times: 400, atOnce: 20, expect: 200, shares: { a: 0.8, b: 0.2 } }],
  },
  {
    id: 'pool-weight-zero',
    shows: 'sends nothing to a pool without weight',
    covers: ['api pools.weight'],
    api: {
      pools: [
        { name: 'next', weight: 0, to: ['b'] },
        { name: 'stable', weight: 1, to: ['a'] },
      ],
    },
    steps: [{ send: 'GET /x', times: 50, atOnce: 20, expect: 200, shares: { a: 1, b: 0 } }],
  },
  {
    id: 'pools-three',
    shows: 'shares calls out over three pools',
    covers: ['api pools.weight'],
    api: {
      pools: [
        { name: 'one', weight: 10, to: ['a'] },
        { name: 'two', weight: 30, to: ['b'] },
        { name: 'three', weight: 60, to: ['c'] },
      ],
    },
    steps: [{ send: 'GET /x', times: 400, atOnce: 20, expect: 200, shares: { a: 0.1, b: 0.3, c: 0.6 } }],
  },
  {
    id: 'target-weights',
    shows: 'shares calls out over the targets of a pool by their weights',
    covers: ['api pools.targets.weight'],
    api: {
      pools: [
        {
          to: [
            { upstream: 'a', weight: 6 },
            { upstream: 'b', weight: 2 },
          ],
        },
      ],
    },
    steps: [{ send: 'GET /x', times: 200, expect: 200, shares: { a: 0.75, b: 0.25 } }],
  },
  {
    id: 'targets-alike',
    shows: 'shares calls out evenly over targets of one weight',
    covers: ['api pools.targets.port'],
    api: { pools: [{ to: ['a', 'b', 'c', 'd'] }] },
    steps: [{ send: 'GET /x', times: 200, expect: 200, shares: { a: 0.25, b: 0.25, c: 0.25, d: 0.25 } }],
  },
  {
    id: 'target-address',
    shows: 'calls the address and the port of the target',
    covers: ['api pools.targets.host', 'api pools.targets.port'],
    api: { pools: [{ to: ['c'] }] },
    steps: [get('/x', reaches({ name: 'c' }))],
  },
  {
    id: 'target-by-name',
    shows: 'finds a target by its name',
    covers: [],
    api: { pools: [{ to: [{ upstream: 'b', host: 'localhost' }] }] },
    steps: [get('/x', reaches({ name: 'b' }))],
  },
  {
    id: 'target-https',
    shows: 'speaks TLS to a target that asks for it, and not otherwise',
    covers: ['api pools.targets.scheme'],
    api: { pools: [{ to: [{ upstream: 'a', scheme: 'https' }] }] },
    steps: [get('/x', { ...refused(503), upstream: null })],
  },
  {
    id: 'host-goes-on',
    shows: "passes the client's Host on",
    covers: [],
    api: { route: { basePath: '/x' } },
    steps: [get('/x', reaches({ headers: { host: '{{host}}' } }))],
  },
  {
    id: 'nobody-listens',
    shows: 'answers 503 when no target can be reached',
    covers: [],
    api: { pools: [{ to: ['dead'] }] },
    steps: [get('/x', refused(503)), call('POST /x', refused(503), { body: 'x' })],
  },
  {
    id: 'one-of-two-listens',
    shows: 'tries another target when a connection is refused, for every method',
    covers: [],
    api: { pools: [{ to: ['dead', 'a'] }] },
    steps: [
      { send: 'GET /x', times: 20, expect: reaches({ name: 'a' }) },
      { send: { line: 'POST /x', body: 'x' }, times: 20, expect: reaches({ name: 'a', body: 'x' }) },
    ],
  },
  {
    id: 'connect-timeout',
    shows: 'gives up on a connection that does not come about',
    covers: ['api policy.timeouts.connectMs'],
    api: { pools: [{ to: ['deaf'] }], policy: { timeouts: { connectMs: 200, requestMs: 60_000 } } },
    steps: [get('/x', refused(503))],
  },
  {
    id: 'request-timeout',
    shows: 'gives up on an upstream that does not answer in time, and tries no other',
    covers: ['api policy.timeouts.requestMs'],
    api: { pools: [{ to: ['a', 'b'] }], policy: { timeouts: { connectMs: 1000, requestMs: 3000 } } },
    steps: [
      { ...get('/x', { status: 504, problem: true, upstream: { times: 1 } }), upstream: { act: 'hang' } },
      get('/x', 200),
    ],
  },
  {
    id: 'request-timeout-of-each-api',
    shows: 'waits as long as each API says',
    covers: ['api policy.timeouts.requestMs'],
    apis: {
      quick: { route: { basePath: '/quick' }, policy: { timeouts: { connectMs: 1000, requestMs: 200 } } },
      slow: { route: { basePath: '/slow' }, policy: { timeouts: { connectMs: 1000, requestMs: 30_000 } } },
    },
    steps: [{ ...get('/quick', { status: 504 }), upstream: { act: 'hang' } }, get('/slow', 200)],
  },
  {
    id: 'upstream-closes',
    shows: 'answers 502 when an upstream closes without an answer, and does not send a POST twice',
    covers: [],
    api: { pools: [{ to: ['a', 'b'] }] },
    steps: [
      {
        ...call('POST /x', { status: 502, problem: true, upstream: { times: 1 } }, { body: 'once' }),
        upstream: { act: 'close' },
      },
    ],
  },
  {
    id: 'upstream-garbage',
    shows: 'answers 502 when an upstream answers what is no HTTP',
    covers: [],
    api: {},
    steps: [{ ...get('/x', { status: 502, problem: true }), upstream: { act: 'garbage' } }],
  },
  {
    id: 'upstream-cut',
    shows: 'hands no half answer on as a whole one',
    covers: [],
    api: {},
    steps: [{ send: 'GET /x', upstream: { act: 'cut' }, expect: { cut: true } }],
  },
  {
    id: 'health-check',
    shows: 'leaves a target alone that fails its checks and comes back to it',
    covers: ['api pools.healthCheck.path', 'api pools.healthCheck.intervalMs', 'api pools.healthCheck.unhealthyAfter'],
    api: { pools: [{ ...healthy, to: ['a', 'b'] }] },
    steps: [
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
      { health: { a: 503 } },
      { send: 'GET /x', times: 10, until: true, expect: 200, shares: { b: 1 } },
      { health: { a: 200 } },
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'health-all-down',
    shows: 'answers 503 when all targets fail their checks',
    covers: ['api pools.healthCheck.path'],
    api: { pools: [{ ...healthy, to: ['a', 'b'] }] },
    steps: [
      { health: { a: 500, b: 404 } },
      { send: 'GET /x', until: true, expect: refused(503) },
      { health: { a: 301 } },
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'health-back-after',
    shows: 'takes a target back only after as many good checks as asked for',
    covers: ['api pools.healthCheck.healthyAfter'],
    api: {
      pools: [
        {
          healthCheck: { path: '/health/{{id}}', intervalMs: 500, unhealthyAfter: 1, healthyAfter: 3 },
          to: ['a', 'b'],
        },
      ],
    },
    steps: [
      { health: { a: 503 } },
      { send: 'GET /x', times: 10, until: true, expect: 200, shares: { b: 1 } },
      { health: { a: 200 } },
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'stream-events',
    shows: 'passes server-sent events on as they come',
    covers: [],
    api: {},
    steps: [
      {
        send: 'GET /events',
        upstream: {
          headers: { 'content-type': 'text/event-stream' },
          pieces: ['data: one\n\n', 'data: two\n\n', 'data: three\n\n'],
        },
        expect: {
          status: 200,
          headers: { 'content-type': 'text/event-stream' },
          body: 'data: one\n\ndata: two\n\ndata: three\n\n',
        },
      },
    ],
  },
  {
    id: 'websocket',
    shows: 'passes a WebSocket through, in both directions',
    covers: [],
    api: { route: { basePath: '/ws' } },
    steps: [
      {
        send: {
          line: 'GET /ws/chat',
          headers: {
            Connection: 'Upgrade',
            Upgrade: 'websocket',
            'Sec-WebSocket-Version': '13',
            'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
          },
          talk: [
            { send: 'ping', until: 'ping' },
            { send: 'pong', until: 'pong' },
          ],
        },
        expect: {
          status: 101,
          headers: { upgrade: 'websocket', 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' },
          upstream: { path: '/chat' },
        },
      },
    ],
  },
  {
    id: 'pools-changed',
    shows: 'applies a change of pools to calls that come after it',
    covers: ['api pools.targets.port'],
    alone: 'another snapshot is applied',
    api: withPolicy({}, { pools: [{ to: ['a'] }] }),
    steps: [
      { send: 'GET /x', times: 5, expect: reaches({ name: 'a' }) },
      { apply: { api: { pools: [{ to: ['b'] }] } } },
      { send: 'GET /x', times: 5, expect: reaches({ name: 'b' }) },
    ],
  },
];
