import type { EffectivePolicy } from '@gitway/contracts';
import type { ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';

const cors: NonNullable<EffectivePolicy['cors']> = {
  origins: ['https://shop.test', 'https://*.shop.test'],
  methods: ['GET', 'PUT'],
  headers: ['x-own', 'content-type'],
  exposeHeaders: ['x-total'],
  credentials: true,
  maxAgeMs: 600_000,
};
const origin = (value: string, more: Record<string, string> = {}) => ({ headers: { origin: value, ...more } });
const preflight = (value: string, method = 'PUT', headers = 'x-own') =>
  origin(value, { 'access-control-request-method': method, 'access-control-request-headers': headers });
const part = (name: string) => `api policy.${name}`;

/** Calls of browsers from other origins. */
export const crossOrigin: readonly ConformanceCase[] = [
  {
    id: 'cors-preflight',
    shows: 'answers a preflight itself, before it asks who calls',
    covers: [
      part('cors.origins'),
      part('cors.methods'),
      part('cors.headers'),
      part('cors.maxAgeMs'),
      part('cors.credentials'),
    ],
    api: withPolicy({ cors, auth: keyAuth }),
    consumers: { alice: {} },
    steps: [
      call(
        'OPTIONS /x',
        {
          status: 204,
          upstream: null,
          headers: {
            'access-control-allow-origin': 'https://shop.test',
            'access-control-allow-methods': { like: '^(?=.*\\bGET\\b)(?=.*\\bPUT\\b)[A-Z, ]+$' },
            'access-control-allow-headers': { like: '^(?=.*x-own)(?=.*content-type)' },
            'access-control-allow-credentials': 'true',
            'access-control-max-age': '600',
            vary: { like: '[Oo]rigin' },
          },
        },
        preflight('https://shop.test'),
      ),
      call(
        'OPTIONS /x',
        { upstream: null, headers: { 'access-control-allow-origin': null } },
        preflight('https://evil.test'),
      ),
      // Without the question it is a call like any other.
      call('OPTIONS /x', refused(401)),
    ],
  },
  {
    id: 'cors-answers',
    shows: 'names the origin, and what may be read, on answers of the upstream and its own',
    covers: [part('cors.origins'), part('cors.exposeHeaders'), part('cors.credentials')],
    api: withPolicy({ cors, auth: keyAuth }),
    consumers: { alice: {} },
    steps: [
      get(
        '/x',
        {
          status: 200,
          headers: {
            'access-control-allow-origin': 'https://shop.test',
            'access-control-expose-headers': { like: 'x-total' },
            'access-control-allow-credentials': 'true',
            vary: { like: '[Oo]rigin' },
          },
        },
        { as: 'alice', ...origin('https://shop.test') },
      ),
      get(
        '/x',
        refused(401, { headers: { 'access-control-allow-origin': 'https://shop.test' } }),
        origin('https://shop.test'),
      ),
      get('/x', { status: 200, headers: { 'access-control-allow-origin': null } }, { as: 'alice' }),
    ],
  },
  {
    id: 'cors-origins',
    shows: 'tells origins apart: schemes, ports, subdomains, and what only looks like one',
    covers: [part('cors.origins')],
    api: withPolicy({ cors }),
    steps: [
      ...['https://shop.test', 'https://a.shop.test'].map((value) =>
        get('/x', { status: 200, headers: { 'access-control-allow-origin': value } }, origin(value)),
      ),
      ...[
        'http://shop.test',
        'https://shop.test:8443',
        'https://shop.test.evil.test',
        'https://evilshop.test',
        'https://xshop.test',
        'null',
        'https://shopxtest',
        '',
      ].map((value) => get('/x', { headers: { 'access-control-allow-origin': null } }, origin(value))),
    ],
  },
  {
    id: 'cors-any',
    shows: 'allows every origin where `*` is named, without credentials',
    covers: [part('cors.origins')],
    api: withPolicy({ cors: { ...cors, origins: ['*'], credentials: false } }),
    steps: [
      get(
        '/x',
        { status: 200, headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': null } },
        origin('https://any.test'),
      ),
      call(
        'OPTIONS /x',
        { status: 204, upstream: null, headers: { 'access-control-allow-origin': '*' } },
        preflight('https://any.test'),
      ),
    ],
  },
  {
    id: 'cors-of-the-upstream',
    shows: 'says it once, whatever the upstream says of CORS',
    covers: [part('cors.origins')],
    api: withPolicy({ cors }),
    steps: [
      {
        ...get(
          '/x',
          { status: 200, headers: { 'access-control-allow-origin': 'https://shop.test' } },
          origin('https://shop.test'),
        ),
        upstream: { headers: { 'access-control-allow-origin': '*' } },
      },
    ],
  },
  {
    id: 'cors-none',
    shows: 'leaves CORS to the upstream where none is declared',
    covers: [],
    api: {},
    steps: [
      call('OPTIONS /x', reaches({ method: 'OPTIONS' }), preflight('https://shop.test')),
      {
        ...get(
          '/x',
          { status: 200, headers: { 'access-control-allow-origin': 'https://its.own' } },
          origin('https://shop.test'),
        ),
        upstream: { headers: { 'access-control-allow-origin': 'https://its.own' } },
      },
    ],
  },
];
