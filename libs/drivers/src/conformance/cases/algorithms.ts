import type { ConformanceCase, KeyName } from '../case.ts';
import { call, get, reaches, refused, withPolicy } from './shorthand.ts';
import { bearer, field, jwt, of } from './token-shorthand.ts';

const fetched = (...keys: readonly KeyName[]) => ({ jwksUri: `http://127.0.0.1:{{port.auth}}/jwks/${keys.join(',')}` });
const family = (
  id: string,
  key: KeyName,
  others: Readonly<Record<string, KeyName>>,
  algorithms: readonly string[],
): ConformanceCase => ({
  id,
  shows: `verifies ${algorithms.join(', ')} with keys of that kind alone`,
  covers: [field('keys.jwksUri')],
  api: withPolicy({ auth: jwt({ algorithms: [...algorithms], keys: fetched(key) }) }),
  tokens: {
    ...Object.fromEntries(algorithms.map((alg) => [`good-${alg}`, of({}, { key, alg, header: { kid: key } })])),
    ...Object.fromEntries(
      Object.entries(others).map(([alg, other]) => [`bad-${alg}`, of({}, { key: other, alg, header: { kid: key } })]),
    ),
    broken: of({}, { key, alg: algorithms[0]!, header: { kid: key }, broken: 'signature' }),
  },
  steps: [
    ...algorithms.map((alg) => get('/x', reaches({}), bearer(`good-${alg}`))),
    ...Object.keys(others).map((alg) => get('/x', refused(401), bearer(`bad-${alg}`))),
    get('/x', refused(401), bearer('broken')),
  ],
});

/** Families of signatures, and operations that ask for more than their API. */
export const algorithms: readonly ConformanceCase[] = [
  family('jwt-es384', 'p384', { RS256: 'rsa', ES256: 'p256' }, ['ES384']),
  family('jwt-es512', 'p521', { RS256: 'rsa', ES384: 'p384' }, ['ES512']),
  family('jwt-hs-family', 'secret', { RS256: 'rsa', ES256: 'p256' }, ['HS256', 'HS384', 'HS512']),
  family('jwt-ps-family', 'rsa', { RS256: 'rsa' }, ['PS256', 'PS384', 'PS512']),
  {
    id: 'jwt-two-families',
    shows: 'takes tokens of two families, each with its own key',
    covers: [],
    api: withPolicy({ auth: jwt({ algorithms: ['RS256', 'ES256'], keys: fetched('rsa', 'p256') }) }),
    tokens: {
      rs: of({}, { header: { kid: 'rsa' } }),
      es: of({}, { key: 'p256', alg: 'ES256', header: { kid: 'p256' } }),
      crossed: of({}, { header: { kid: 'p256' } }),
      confused: of({}, { alg: 'HS256', confused: true, header: { kid: 'rsa' } }),
    },
    steps: [
      ...['rs', 'es'].map((name) => get('/x', reaches({}), bearer(name))),
      ...['crossed', 'confused'].map((name) => get('/x', refused(401), bearer(name))),
    ],
  },
  {
    id: 'operation-scopes',
    shows: 'asks one operation for a scope, by whatever spelling it is called',
    covers: ['api policy.operations.auth'],
    api: {
      operations: ['list GET /pets', 'get GET /pets/{id}', 'drop DELETE /pets/{id}'],
      policy: { auth: jwt(), operations: { drop: { auth: jwt({ scopes: ['admin'] }) } } },
    },
    tokens: { plain: of(), admin: of({ scope: 'admin' }), other: of({ scope: 'administer' }) },
    steps: [
      get('/pets/7', reaches({}), bearer('plain')),
      call('DELETE /pets/7', refused(403), bearer('plain')),
      call('DELETE /pets/7', refused(403), bearer('other')),
      call('DELETE /pets/7', reaches({ method: 'DELETE' }), bearer('admin')),
      call('DELETE /pets/7', refused(401)),
      ...[
        '/pets/7/',
        '/pets//7',
        '/%70ets/7',
        '/pets/7;x',
        '/pets/%37',
        '/pets/./7',
        '/pets/x/../7',
        '/pets/7%00',
        '/pets/7?x=/list',
      ].map((path) => call(`DELETE ${path}`, { upstream: null }, bearer('plain'))),
    ],
  },
  {
    id: 'token-and-plans',
    shows: 'refuses a caller that no plan lets in, though its token is good',
    covers: ['api plans'],
    api: { plans: ['gold'], policy: { auth: jwt() } },
    plans: { gold: {} },
    consumers: {
      alice: { plans: ['gold'], jwt: [{ issuer: 'https://id.test', claim: 'sub', value: '{{id}}-alice' }] },
    },
    tokens: { alice: of({ sub: '{{id}}-alice' }), nobody: of({ sub: '{{id}}-nobody' }) },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), bearer('alice')),
      get('/x', refused(403), bearer('nobody')),
    ],
  },
];
