import type { ConformanceCase, PoolOf } from '../case.ts';
import { call, get, reaches } from './shorthand.ts';

const part = (name: string) => `api pools.${name}`;
const secure = (upstream: 'tls' | 'mtls', tls: NonNullable<PoolOf['tls']>): readonly PoolOf[] => [
  { to: [{ upstream, scheme: 'https' }], tls },
];
const trusted = { verify: true, ca: ['{{certificate.ca}}'], serverName: 'upstream.test' };

/** Connections to upstreams: TLS, protocols, how many. */
export const connections: readonly ConformanceCase[] = [
  {
    id: 'upstream-tls',
    shows: "verifies an upstream's certificate against the authority and the name that are given",
    covers: [part('tls.ca'), part('tls.serverName'), part('targets.scheme')],
    api: { pools: secure('tls', trusted) },
    steps: [get('/x', reaches({ name: 'tls', serverName: 'upstream.test' }))],
  },
  {
    id: 'upstream-tls-other-name',
    shows: 'speaks to no upstream whose certificate is for another name',
    covers: [part('tls.verify')],
    api: { pools: secure('tls', { ...trusted, serverName: 'other.test' }) },
    steps: [get('/x', { problem: true, upstream: null })],
  },
  {
    id: 'upstream-tls-other-authority',
    shows: 'speaks to no upstream whose certificate another authority has signed',
    covers: [part('tls.verify')],
    api: { pools: secure('tls', { ...trusted, ca: ['{{certificate.ca-other}}'] }) },
    steps: [get('/x', { problem: true, upstream: null })],
  },
  {
    id: 'upstream-tls-unverified',
    shows: 'takes any certificate where that is asked for',
    covers: [part('targets.scheme')],
    api: { pools: secure('tls', { verify: false }) },
    steps: [get('/x', reaches({ name: 'tls' }))],
  },
  {
    id: 'upstream-mtls',
    shows: 'shows its own certificate to an upstream',
    covers: [part('tls.clientCertificate.secret')],
    api: { pools: secure('mtls', { ...trusted, clientCertificate: { secret: 'both/alice' } }) },
    steps: [get('/x', reaches({ name: 'mtls', client: 'alice' }))],
  },
  {
    id: 'upstream-http2',
    shows: 'speaks HTTP/2 to an upstream, whatever the client speaks',
    covers: [part('protocol')],
    api: { pools: [{ protocol: 'http2', to: ['h2'] }] },
    steps: [
      get('/x?q=1', reaches({ name: 'h2', protocol: 'h2', path: '/x?q=1' })),
      call('POST /x', reaches({ protocol: 'h2', body: 'hello' }), { http: '2', body: 'hello' }),
    ],
  },
  {
    id: 'upstream-http1',
    shows: 'speaks HTTP/1.1 to an upstream where that is asked for, also for a client of HTTP/2',
    covers: [],
    api: { pools: [{ protocol: 'http1', to: ['a'] }] },
    steps: [get('/x', reaches({ protocol: 'http1' })), get('/x', reaches({ protocol: 'http1' }), { http: '2' })],
  },
  {
    id: 'grpc',
    shows: 'passes gRPC through, with its trailers',
    covers: [part('protocol')],
    api: { pools: [{ protocol: 'grpc', to: ['h2'] }] },
    steps: [
      {
        send: {
          line: 'POST /pets.Pets/Get',
          http: '2',
          headers: { 'content-type': 'application/grpc', te: 'trailers' },
          body: '\u0000\u0000\u0000\u0000\u0002hi',
        },
        upstream: {
          headers: { 'content-type': 'application/grpc' },
          body: '\u0000\u0000\u0000\u0000\u0002ok',
          trailers: { 'grpc-status': '0' },
        },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/grpc' },
          trailers: { 'grpc-status': '0' },
          body: { like: 'ok$' },
          upstream: { protocol: 'h2', path: '/pets.Pets/Get', headers: { te: 'trailers' } },
        },
      },
    ],
  },
  {
    id: 'upstream-connections',
    shows: 'opens no more connections to a target than it is told to',
    covers: [part('maxConnections')],
    api: {
      pools: [{ maxConnections: 2, to: ['a'] }],
      policy: { timeouts: { connectMs: 500, requestMs: 4000 } },
    },
    steps: [{ send: 'GET /x', times: 4, atOnce: 4, upstream: { afterAnswers: 2 }, counts: { 200: 2, 503: 2 } }],
  },
  {
    id: 'slow-start',
    shows: 'brings a target that comes back to its share little by little',
    covers: [part('slowStartMs')],
    api: {
      pools: [
        {
          slowStartMs: 3_600_000,
          // Time enough for a check while all cases begin: one of `b` that fails would have it start slowly as well.
          healthCheck: { path: '/health/{{id}}', intervalMs: 3000, unhealthyAfter: 1, healthyAfter: 1 },
          to: [
            { upstream: 'a', weight: 100 },
            { upstream: 'b', weight: 100 },
          ],
        },
      ],
    },
    steps: [
      { health: { a: 503 } },
      { send: 'GET /x', times: 10, until: true, expect: 200, shares: { b: 1 } },
      { health: { a: 200 } },
      { send: 'GET /x', until: true, expect: reaches({ name: 'a' }) },
      { send: 'GET /x', times: 60, expect: 200, shares: { a: 0.03, b: 0.97 } },
    ],
  },
  {
    id: 'upstream-without-tls',
    shows: 'speaks no TLS to a target that has none',
    covers: [],
    api: { pools: [{ to: [{ upstream: 'tls', scheme: 'http' }] }] },
    steps: [get('/x', { upstream: null })],
  },
];
