import type { ConformanceCase } from '../case.ts';
import { get, reaches, refused, withPolicy } from './shorthand.ts';
import { bearer, field, issuer, jwt, of } from './token-shorthand.ts';

/** JSON Web Tokens. */
export const tokens: readonly ConformanceCase[] = [
  {
    id: 'jwt',
    shows: 'lets a token in that its issuer signed, and takes it out',
    covers: [field('kind'), field('keys.pem'), field('header')],
    api: withPolicy({ auth: jwt() }),
    tokens: { good: of(), other: of({}, { key: 'rsa-other' }) },
    steps: [
      get('/x', reaches({ headers: { authorization: null } }), bearer('good')),
      get('/x', refused(401, { headers: { 'www-authenticate': { like: '^Bearer' } } }), bearer('other')),
      get('/x', refused(401, { headers: { 'www-authenticate': { like: '^Bearer' } } })),
    ],
  },
  {
    id: 'jwt-broken',
    shows: 'refuses a token whose signature or claims were changed, and what is no token',
    covers: [field('kind')],
    api: withPolicy({ auth: jwt() }),
    tokens: {
      signature: of({}, { broken: 'signature' }),
      unsigned: of({}, { broken: 'no-signature' }),
      claims: of({}, { broken: 'claims' }),
      good: of(),
    },
    steps: [
      ...['signature', 'unsigned', 'claims'].map((name) => get('/x', refused(401), bearer(name))),
      ...[
        '',
        'x',
        'a.b.c',
        '..',
        '.',
        'a.b',
        'a.b.c.d',
        'e30.e30.e30',
        '{{token.good}}x',
        '{{token.good}}.x',
        'x'.repeat(6000),
      ].map((text) => get('/x', refused(401), { headers: { authorization: `Bearer ${text}` } })),
      get('/x', refused(401), { headers: { authorization: '{{token.good}}' } }),
      get('/x', refused(401), { headers: { authorization: 'Basic {{token.good}}' } }),
    ],
  },
  {
    id: 'jwt-algorithms',
    shows: 'verifies with an algorithm of its own list alone: no none, no confusion of keys',
    covers: [field('algorithms')],
    api: withPolicy({ auth: jwt({ algorithms: ['RS512'] }) }),
    tokens: {
      good: of({}, { alg: 'RS512' }),
      weaker: of({}, { alg: 'RS256' }),
      none: of({}, { alg: 'none' }),
      nothing: of({}, { header: { alg: 'none' }, broken: 'no-signature' }),
      capital: of({}, { header: { alg: 'NONE' }, broken: 'no-signature' }),
      confused: of({}, { alg: 'HS256', confused: true }),
      claimed: of({}, { alg: 'RS256', header: { alg: 'RS512' } }),
    },
    steps: [
      get('/x', reaches({}), bearer('good')),
      ...['weaker', 'none', 'nothing', 'capital', 'confused', 'claimed'].map((name) =>
        get('/x', refused(401), bearer(name)),
      ),
    ],
  },
  {
    id: 'jwt-rs-family',
    shows: 'verifies RS256, RS384 and RS512',
    covers: [field('algorithms')],
    api: withPolicy({ auth: jwt({ algorithms: ['RS256', 'RS384', 'RS512'] }) }),
    tokens: { a: of({}, { alg: 'RS256' }), b: of({}, { alg: 'RS384' }), c: of({}, { alg: 'RS512' }) },
    steps: ['a', 'b', 'c'].map((name) => get('/x', reaches({}), bearer(name))),
  },
  {
    id: 'jwt-es256',
    shows: 'verifies ES256',
    covers: [field('keys.pem')],
    api: withPolicy({ auth: jwt({ algorithms: ['ES256'], keys: { pem: ['{{pem.p256}}'] } }) }),
    tokens: { good: of({}, { key: 'p256', alg: 'ES256' }), rsa: of() },
    steps: [get('/x', reaches({}), bearer('good')), get('/x', refused(401), bearer('rsa'))],
  },
  {
    id: 'jwt-two-keys',
    shows: 'takes a token that any of several keys signed',
    covers: [field('keys.pem')],
    api: withPolicy({ auth: jwt({ keys: { pem: ['{{pem.rsa}}', '{{pem.rsa-other}}'] } }) }),
    tokens: { one: of(), two: of({}, { key: 'rsa-other' }) },
    steps: ['one', 'two'].map((name) => get('/x', reaches({}), bearer(name))),
  },
  {
    id: 'jwt-issuer',
    shows: 'takes tokens of its own issuer alone',
    covers: [field('issuer')],
    api: withPolicy({ auth: jwt() }),
    tokens: {
      good: of(),
      other: of({ iss: 'https://other.test' }),
      longer: of({ iss: `${issuer}.evil.test` }),
      none: of({ iss: undefined }),
      list: of({ iss: [issuer] }),
    },
    steps: [
      get('/x', reaches({}), bearer('good')),
      ...['other', 'longer', 'none', 'list'].map((name) => get('/x', refused(401), bearer(name))),
    ],
  },
  {
    id: 'jwt-audience',
    shows: 'takes tokens for one of its audiences alone',
    covers: [field('audience')],
    api: withPolicy({ auth: jwt({ audience: ['shop', 'store'] }) }),
    tokens: {
      shop: of({ aud: 'shop' }),
      list: of({ aud: ['other', 'store'] }),
      other: of({ aud: 'other' }),
      part: of({ aud: 'shopping' }),
      none: of(),
      others: of({ aud: ['other', 'another'] }),
    },
    steps: [
      ...['shop', 'list'].map((name) => get('/x', reaches({}), bearer(name))),
      ...['other', 'part', 'none', 'others'].map((name) => get('/x', refused(401), bearer(name))),
    ],
  },
  {
    id: 'jwt-times',
    shows: 'refuses a token that is over, not yet begun, or without an end',
    covers: [field('kind')],
    api: withPolicy({ auth: jwt() }),
    tokens: {
      good: of({}, { notBeforeIn: -60 }),
      over: of({}, { expiresIn: -60 }),
      early: of({}, { notBeforeIn: 600 }),
      endless: of({}, { expiresIn: null }),
      text: of({ exp: '9999999999' }, { expiresIn: null }),
    },
    steps: [
      get('/x', reaches({}), bearer('good')),
      ...['over', 'early', 'endless', 'text'].map((name) => get('/x', refused(401), bearer(name))),
    ],
  },
  {
    id: 'jwt-clock-skew',
    shows: 'forgives clocks as much as it is told to',
    covers: [field('clockSkewMs')],
    api: withPolicy({ auth: jwt({ clockSkewMs: 300_000 }) }),
    tokens: {
      over: of({}, { expiresIn: -60 }),
      early: of({}, { notBeforeIn: 60 }),
      longOver: of({}, { expiresIn: -900 }),
    },
    steps: [
      ...['over', 'early'].map((name) => get('/x', reaches({}), bearer(name))),
      get('/x', refused(401), bearer('longOver')),
    ],
  },
  {
    id: 'jwt-in-cookie',
    shows: 'takes a token from a cookie',
    covers: [field('cookie')],
    api: withPolicy({ auth: jwt({ header: null, cookie: 'session' }) }),
    tokens: { good: of() },
    steps: [
      get('/x', reaches({}), { headers: { cookie: 'a=1; session={{token.good}}; b=2' } }),
      get('/x', refused(401), { headers: { cookie: 'a=1; sessions={{token.good}}' } }),
      get('/x', refused(401), bearer('good')),
    ],
  },
  {
    id: 'jwt-in-own-header',
    shows: 'takes a token from a header of its own, without a scheme',
    covers: [field('header')],
    api: withPolicy({ auth: jwt({ header: 'X-Token' }) }),
    tokens: { good: of() },
    steps: [
      get('/x', reaches({ headers: { 'x-token': null } }), { headers: { 'x-token': '{{token.good}}' } }),
      get('/x', refused(401), bearer('good')),
    ],
  },
  {
    id: 'jwt-keys-fetched',
    shows: "verifies with the issuer's published keys",
    covers: [field('keys.jwksUri')],
    api: withPolicy({
      auth: jwt({ keys: { jwksUri: 'http://127.0.0.1:{{port.auth}}/jwks/rsa,p256' }, algorithms: ['RS256', 'ES256'] }),
    }),
    tokens: {
      rsa: of({}, { header: { kid: 'rsa' } }),
      ec: of({}, { key: 'p256', alg: 'ES256', header: { kid: 'p256' } }),
      other: of({}, { key: 'rsa-other', header: { kid: 'rsa' } }),
      unknown: of({}, { key: 'rsa-other', header: { kid: 'rsa-other' } }),
    },
    steps: [
      ...['rsa', 'ec'].map((name) => get('/x', reaches({}), bearer(name))),
      ...['other', 'unknown'].map((name) => get('/x', refused(401), bearer(name))),
    ],
  },
];
