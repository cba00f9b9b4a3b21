import type { EffectivePolicy } from '@gitway/contracts';
import type { Behaviour, CallStep, ConformanceCase, PoolOf } from '../case.ts';
import { call, get, reaches, refused, withPolicy } from './shorthand.ts';

const part = (name: string) => `api policy.${name}`;
type Retries = NonNullable<EffectivePolicy['retries']>;
const retrying = (change: Partial<Retries>, to: PoolOf['to'] = ['a', 'b']) => ({
  pools: [{ to }],
  policy: { retries: { attempts: 2, on: ['503' as const], methods: ['GET'], ...change } },
});
const twice = (first: Behaviour): Pick<CallStep, 'upstream'> => ({ upstream: [first, {}] });
const everyUpstream = (behaviours: readonly Behaviour[]): Pick<CallStep, 'at'> => ({ at: { a: behaviours } });

/** What happens when a target does not answer, or not well. */
export const traffic: readonly ConformanceCase[] = [
  ...(['500', '502', '503', '504', '429'] as const).map((status): ConformanceCase => ({
    id: `retry-${status}`,
    shows: `tries again on ${status}, and on no other status`,
    covers: [part('retries.on')],
    api: retrying({ on: [status] }, ['a']),
    steps: [
      { ...get('/x', { status: 200, upstream: { times: 2 } }), ...twice({ status: Number(status) }) },
      { ...get('/x', { status: 501, upstream: { times: 1 } }), ...twice({ status: 501 }) },
    ],
  })),
  {
    id: 'retry-attempts',
    shows: 'tries again as often as it is told to, and hands the last answer on',
    covers: [part('retries.attempts')],
    api: retrying({ attempts: 2 }, ['a']),
    steps: [
      {
        ...get('/x', { status: 200, upstream: { times: 3 } }),
        ...everyUpstream([{ status: 503 }, { status: 503 }, {}]),
      },
      { ...get('/x', { status: 503, upstream: { times: 3 } }), ...everyUpstream([{ status: 503 }]) },
    ],
  },
  {
    id: 'retry-methods',
    shows: 'tries again with the methods that are named alone',
    covers: [part('retries.methods')],
    api: retrying({ methods: ['GET', 'PUT'] }, ['a']),
    steps: [
      {
        ...call('PUT /x', { status: 200, upstream: { times: 2, body: 'again' } }, { body: 'again' }),
        ...twice({ status: 503 }),
      },
      { ...call('POST /x', { status: 503, upstream: { times: 1 } }, { body: 'once' }), ...twice({ status: 503 }) },
      { ...call('DELETE /x', { status: 503, upstream: { times: 1 } }), ...twice({ status: 503 }) },
    ],
  },
  {
    id: 'retry-no-answer',
    shows: 'tries again when a connection ends without an answer, and not with a POST',
    covers: [part('retries.on')],
    api: retrying({ on: ['no-answer'] }, ['a']),
    steps: [
      { ...get('/x', { status: 200, upstream: { times: 2 } }), ...twice({ act: 'close' }) },
      { ...call('POST /x', { status: 502, upstream: { times: 1 } }, { body: 'once' }), ...twice({ act: 'close' }) },
    ],
  },
  {
    id: 'retry-timeout',
    shows: 'tries again when there is no answer in the time of one try',
    covers: [part('retries.perTryMs'), part('retries.on')],
    api: retrying({ on: ['timeout'], perTryMs: 700 }, ['a']),
    steps: [{ ...get('/x', { status: 200, upstream: { times: 2 } }), ...twice({ act: 'hang' }) }],
  },
  {
    id: 'retry-connect-failure',
    shows: 'tries again when a connection fails',
    covers: [],
    api: retrying({ on: ['connect-failure'] }, ['dead', 'a']),
    steps: [{ send: 'GET /x', times: 10, expect: reaches({ name: 'a' }) }],
  },
  {
    id: 'retry-none',
    shows: 'tries nothing again on a status where that is not asked for',
    covers: [],
    api: { pools: [{ to: ['a', 'b'] }] },
    steps: [500, 502, 503, 504, 429].map((status) => ({
      ...get('/x', { status, upstream: { times: 1 } }),
      upstream: { status },
    })),
  },
  ...(['5xx', '429', 'connect-failure', 'timeout'] as const).map((on): ConformanceCase => ({
    id: `circuit-${on}`,
    shows: `leaves a target alone for a while after failures in a row: ${on}`,
    covers: on === 'connect-failure' ? [] : [part('circuitBreaker.on')],
    api: {
      pools: [{ to: [on === 'connect-failure' ? 'dead' : 'a', 'b'] }],
      policy: {
        timeouts: { connectMs: 300, requestMs: 300 },
        circuitBreaker: { failures: 3, on: [on], openForMs: 60_000 },
      },
    },
    steps: [
      {
        send: 'GET /x',
        times: 20,
        at: { a: on === '429' ? { status: 429 } : on === 'timeout' ? { act: 'hang' } : { status: 503 } },
      },
      { send: 'GET /x', times: 10, at: { a: { status: 418 } }, expect: reaches({ name: 'b' }) },
    ],
  })),
  {
    id: 'circuit',
    shows: 'opens after as many failures as it says, not before, and closes again',
    covers: [part('circuitBreaker.failures'), part('circuitBreaker.openForMs')],
    api: { pools: [{ to: ['a'] }], policy: { circuitBreaker: { failures: 5, on: ['5xx'], openForMs: 3000 } } },
    steps: [
      { send: 'GET /x', times: 4, upstream: { status: 500 }, expect: { status: 500 } },
      { send: 'GET /x', expect: { status: 200, upstream: { times: 1 } } },
      { send: 'GET /x', times: 5, upstream: { status: 500 }, expect: { status: 500 } },
      { send: 'GET /x', until: true, expect: refused(503) },
      { send: 'GET /x', until: true, expect: 200 },
    ],
  },
  {
    id: 'passive-health',
    shows: 'leaves a target alone after failures in a row, and comes back',
    covers: ['api pools.passiveHealthCheck.failures', 'api pools.passiveHealthCheck.ejectForMs'],
    api: { pools: [{ passiveHealthCheck: { failures: 3, ejectForMs: 4000 }, to: ['a', 'b'] }] },
    steps: [
      { send: 'GET /x', times: 20, at: { a: { status: 503 } } },
      { send: 'GET /x', times: 4, at: { a: { status: 503 } }, expect: reaches({ name: 'b' }) },
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
    ],
  },
  {
    id: 'mirror',
    shows: 'sends a copy of calls to a pool whose answers nobody waits for',
    covers: [part('mirror.pool'), part('mirror.percent')],
    api: {
      pools: [{ to: ['a'] }, { name: 'canary', weight: 0, to: ['b'] }],
      policy: { mirror: { pool: 'canary', percent: 100 } },
    },
    steps: [
      {
        send: 'GET /x',
        until: true,
        expect: { status: 200, headers: { 'conformance-upstream': 'a' }, upstream: { times: 2 } },
      },
    ],
  },
  {
    id: 'idle-timeout',
    shows: 'ends a stream that has fallen silent, and not one that speaks',
    covers: [part('timeouts.idleMs')],
    api: withPolicy({ timeouts: { connectMs: 1000, requestMs: 60_000, idleMs: 700 } }),
    steps: [
      {
        // A client that wants a stream says so: a gateway may know it by that alone.
        send: { line: 'GET /x', headers: { accept: 'text/event-stream' } },
        upstream: { headers: { 'content-type': 'text/event-stream' }, pieces: ['one', 'two'], act: 'hang' },
        expect: { cut: true, upstream: { times: 1 } },
      },
    ],
  },
  {
    id: 'idle-websocket',
    shows: 'ends a WebSocket that has fallen silent',
    covers: [part('timeouts.idleMs')],
    api: withPolicy({ timeouts: { connectMs: 1000, requestMs: 60_000, idleMs: 700 } }),
    steps: [
      {
        send: {
          line: 'GET /chat',
          headers: {
            Connection: 'Upgrade',
            Upgrade: 'websocket',
            'Sec-WebSocket-Version': '13',
            'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
          },
          talk: [
            { send: 'ping', until: 'ping' },
            { send: '', until: 'nobody says this' },
          ],
        },
        expect: { cut: true },
      },
    ],
  },
];
