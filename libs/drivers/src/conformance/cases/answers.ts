import type { ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';

const part = (name: string) => `api policy.${name}`;

/** What the gateway does to answers, and what it answers itself. */
export const answers: readonly ConformanceCase[] = [
  {
    id: 'compression',
    shows: 'compresses the types that are named, for who can read it',
    covers: [part('compression.types')],
    api: withPolicy({ compression: { types: ['application/json'], minSizeBytes: 0 } }),
    steps: [
      {
        ...get(
          '/x',
          { status: 200, headers: { 'content-encoding': 'gzip', vary: { like: '[Aa]ccept-[Ee]ncoding' } } },
          { headers: { 'accept-encoding': 'gzip' } },
        ),
        upstream: { headers: { 'content-type': 'application/json' }, body: JSON.stringify('x'.repeat(4000)) },
      },
      {
        ...get(
          '/x',
          { status: 200, headers: { 'content-encoding': null } },
          { headers: { 'accept-encoding': 'gzip' } },
        ),
        upstream: { headers: { 'content-type': 'image/png' }, body: 'x'.repeat(4000) },
      },
      {
        ...get('/x', { status: 200, headers: { 'content-encoding': null } }),
        upstream: { headers: { 'content-type': 'application/json' }, body: JSON.stringify('x'.repeat(4000)) },
      },
    ],
  },
  {
    id: 'compression-least-size',
    shows: 'leaves small bodies as they are',
    covers: [part('compression.minSizeBytes')],
    api: withPolicy({ compression: { types: ['application/json'], minSizeBytes: 2000 } }),
    steps: [100, 4000].map((size) => ({
      ...get(
        '/x',
        { status: 200, headers: { 'content-encoding': size < 2000 ? null : 'gzip' } },
        { headers: { 'accept-encoding': 'gzip' } },
      ),
      upstream: { headers: { 'content-type': 'application/json' }, body: JSON.stringify('x'.repeat(size)) },
    })),
  },
  {
    id: 'cache',
    shows: 'answers again what it has answered, as long as that is good',
    covers: [part('cache.ttlMs'), part('cache.methods')],
    api: withPolicy({ cache: { ttlMs: 2000, methods: ['GET'], statuses: [200], vary: [], maxBodyBytes: 10_000 } }),
    steps: [
      { send: 'GET /x', until: true, expect: { status: 200, upstream: null } },
      { send: 'GET /x', until: true, expect: { status: 200, upstream: { times: 1 } } },
      ...[1, 2].map(() => ({ ...get('/missing', { status: 404, upstream: { times: 1 } }), upstream: { status: 404 } })),
      { send: 'POST /x', times: 3, expect: { status: 200, upstream: { times: 1 } } },
      get('/head', { status: 200, upstream: { times: 1 } }),
      call('HEAD /head', { status: 200, upstream: { times: 1 } }),
    ],
  },
  {
    id: 'cache-varies',
    shows: 'keeps answers apart by query, host and the headers that are named',
    covers: [part('cache.vary')],
    api: withPolicy({
      cache: { ttlMs: 60_000, methods: ['GET'], statuses: [200], vary: ['accept-language'], maxBodyBytes: 10_000 },
    }),
    steps: [
      ...['en', 'de'].map((language) => ({
        ...get(
          '/x',
          { status: 200, body: language, upstream: { times: 1 } },
          { headers: { 'accept-language': language } },
        ),
        upstream: { body: language },
      })),
      get('/x', { status: 200, body: 'en' }, { headers: { 'accept-language': 'en' } }),
      get('/x?a=1', { status: 200, body: 'a', upstream: { times: 1 } }),
    ],
  },
  {
    id: 'cache-small-bodies',
    shows: 'keeps no bodies larger than it is told to',
    covers: [part('cache.maxBodyBytes')],
    api: withPolicy({ cache: { ttlMs: 60_000, methods: ['GET'], statuses: [200], vary: [], maxBodyBytes: 1000 } }),
    steps: [1, 2].map(() => ({
      ...get('/large', { status: 200, upstream: { times: 1 } }),
      upstream: { body: 'x'.repeat(5000) },
    })),
  },
  {
    id: 'cache-and-keys',
    shows: "hands nobody the answer to another's call",
    covers: [],
    api: withPolicy({
      auth: keyAuth,
      cache: { ttlMs: 60_000, methods: ['GET'], statuses: [200], vary: [], maxBodyBytes: 1000 },
    }),
    consumers: { alice: {}, bob: {} },
    steps: [
      { ...get('/x', { status: 200, body: 'for alice' }, { as: 'alice' }), upstream: { body: 'for alice' } },
      { ...get('/x', { status: 200, body: 'for bob' }, { as: 'bob' }), upstream: { body: 'for bob' } },
      get('/x', refused(401)),
    ],
  },
  {
    id: 'deprecation',
    shows: 'says on every answer that an API is deprecated, since when and until when',
    covers: ['api deprecation.since', 'api deprecation.sunset', 'api deprecation.link'],
    api: {
      lifecycle: 'deprecated',
      deprecation: { since: '2024-01-01', sunset: '2099-12-31', link: 'https://docs.example/v2' },
    },
    steps: [
      get('/x', {
        status: 200,
        headers: {
          deprecation: { like: '^(@1704067200|Mon, 01 Jan 2024 00:00:00 GMT)$' },
          sunset: 'Thu, 31 Dec 2099 00:00:00 GMT',
          link: { like: '<https://docs.example/v2>.*rel="?(deprecation|sunset)' },
        },
      }),
    ],
  },
  {
    id: 'sunset-over',
    shows: 'answers 410 from the day of the sunset on',
    covers: ['api deprecation.sunset'],
    api: { lifecycle: 'deprecated', deprecation: { since: '2020-01-01', sunset: '2021-01-01' } },
    steps: [get('/x', refused(410))],
  },
  {
    id: 'maintenance',
    shows: 'answers every call with what is said of the maintenance, but for the addresses that are allowed',
    covers: [
      part('maintenance.status'),
      part('maintenance.message'),
      part('maintenance.retryAfterMs'),
      part('maintenance.allow'),
    ],
    api: withPolicy({
      maintenance: {
        status: 503,
        message: 'Back at noon, 100% sure.',
        retryAfterMs: 3_600_000,
        allow: ['127.0.0.9/32'],
      },
    }),
    steps: [
      get('/x', refused(503, { headers: { 'retry-after': '3600' }, body: { like: 'Back at noon, 100% sure\\.' } })),
      call('DELETE /x', refused(503)),
      get('/x', reaches({}), { from: '127.0.0.9' }),
    ],
  },
  {
    id: 'maintenance-before-keys',
    shows: 'says so to everybody, before it asks for a key',
    covers: [part('maintenance.status')],
    api: withPolicy({ auth: keyAuth, maintenance: { status: 599, message: 'Moving.', allow: [] } }),
    consumers: { alice: {} },
    steps: [get('/x', { status: 599, upstream: null }), get('/x', { status: 599, upstream: null }, { as: 'alice' })],
  },
  {
    id: 'errors-text',
    shows: 'answers errors as text where that is asked for',
    covers: [part('errors.format')],
    api: withPolicy({ auth: keyAuth, errors: { format: 'text' } }),
    steps: [get('/x', { status: 401, upstream: null, headers: { 'content-type': { like: '^text/plain' } } })],
  },
  {
    id: 'errors-type',
    shows: 'names the types of its problems under the address that is given',
    covers: [part('errors.typeBase')],
    api: withPolicy({ auth: keyAuth, errors: { format: 'problem+json', typeBase: 'https://errors.example/' } }),
    steps: [get('/x', refused(401, { body: { like: '"type":"https://errors\\.example/[a-z-]+"' } }))],
  },
];
