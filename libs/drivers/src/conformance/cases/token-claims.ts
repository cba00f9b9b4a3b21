import type { ConformanceCase } from '../case.ts';
import { get, reaches, refused, withPolicy } from './shorthand.ts';
import { bearer, field, issuer, jwt, of } from './token-shorthand.ts';

/** What a token has to say, and who it says is calling. */
export const tokenClaims: readonly ConformanceCase[] = [
  {
    id: 'jwt-scopes',
    shows: 'refuses a token without the scopes with 403',
    covers: [field('scopes')],
    api: withPolicy({ auth: jwt({ scopes: ['read', 'write'] }) }),
    tokens: {
      both: of({ scope: 'write other read' }),
      one: of({ scope: 'read' }),
      none: of(),
      part: of({ scope: 'reader writer' }),
    },
    steps: [
      get('/x', reaches({}), bearer('both')),
      ...['one', 'none', 'part'].map((name) => get('/x', refused(403), bearer(name))),
    ],
  },
  {
    id: 'jwt-scope-claim',
    shows: 'reads scopes from the claim that is named, a text or a list',
    covers: [field('scopeClaim')],
    api: withPolicy({ auth: jwt({ scopes: ['read'], scopeClaim: 'scp' }) }),
    tokens: { text: of({ scp: 'read' }), list: of({ scp: ['write', 'read'] }), other: of({ scope: 'read' }) },
    steps: [
      ...['text', 'list'].map((name) => get('/x', reaches({}), bearer(name))),
      get('/x', refused(403), bearer('other')),
    ],
  },
  {
    id: 'jwt-claims',
    shows: 'asks for one of the values of each claim',
    covers: [field('claims')],
    api: withPolicy({ auth: jwt({ claims: { tier: ['gold', 'silver'] } }) }),
    tokens: { gold: of({ tier: 'gold' }), silver: of({ tier: 'silver' }), tin: of({ tier: 'tin' }), none: of() },
    steps: [
      ...['gold', 'silver'].map((name) => get('/x', reaches({}), bearer(name))),
      ...['tin', 'none'].map((name) => get('/x', refused(403), bearer(name))),
    ],
  },
  {
    id: 'jwt-consumer',
    shows: 'knows a consumer by its claim, and refuses a token of nobody',
    covers: [
      field('anyCaller'),
      field('consumerClaim'),
      'consumer jwt.issuer',
      'consumer jwt.claim',
      'consumer jwt.value',
    ],
    api: withPolicy({ auth: jwt({ anyCaller: false, consumerClaim: 'azp' }) }),
    consumers: {
      alice: { jwt: [{ issuer, claim: 'azp', value: '{{id}}-alice' }] },
      other: { jwt: [{ issuer: 'https://other.test', claim: 'azp', value: '{{id}}-other' }] },
    },
    tokens: {
      alice: of({ azp: '{{id}}-alice' }),
      other: of({ azp: '{{id}}-other' }),
      nobody: of({ azp: '{{id}}-nobody' }),
      none: of(),
    },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), bearer('alice')),
      ...['other', 'nobody', 'none'].map((name) => get('/x', { upstream: null, status: 403 }, bearer(name))),
    ],
  },
  {
    id: 'jwt-consumer-limits',
    shows: 'holds a consumer that is known by a token to its plans, limits and suspension',
    covers: ['consumer suspended', 'consumer plans'],
    api: {
      plans: ['gold'],
      policy: { auth: jwt({ anyCaller: false }), rateLimits: [{ requests: 1, windowMs: 86_400_000, by: 'consumer' }] },
    },
    plans: { gold: {} },
    consumers: Object.fromEntries(
      ['alice', 'bob', 'carol'].map((name) => [
        name,
        {
          jwt: [{ issuer, claim: 'sub', value: `{{id}}-${name}` }],
          plans: name === 'carol' ? [] : ['gold'],
          suspended: name === 'bob',
        },
      ]),
    ),
    tokens: { alice: of({ sub: '{{id}}-alice' }), bob: of({ sub: '{{id}}-bob' }), carol: of({ sub: '{{id}}-carol' }) },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), bearer('alice')),
      get('/x', refused(429), bearer('alice')),
      get('/x', refused(403), bearer('bob')),
      get('/x', refused(403), bearer('carol')),
    ],
  },
];
