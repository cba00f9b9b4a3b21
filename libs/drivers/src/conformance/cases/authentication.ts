import type { AuthMethod } from '@gitway/contracts';
import type { ConformanceCase } from '../case.ts';
import { tlsGateway } from './listeners.ts';
import { get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';
import { jwt } from './token-shorthand.ts';

const field = (name: string) => `api policy.auth.${name}`;
const basic = { kind: 'basic', realm: 'shop' } as const;
// `open sesame`, as SHA-512 crypt writes it (crypt(3)).
const crypted = '$6$conformance$IAs2UCxTyT0yDm5PAP7l68KaJB4/PK57cnhR7TkJSlro1wYfClZq1jPiGEGVnOExD2fVHceaqU62TWNMsbjcX/';
const credentials = (text: string) => ({ headers: { authorization: `Basic ${btoa(text)}` } });

const introspection: Extract<AuthMethod, { kind: 'introspection' }> = {
  kind: 'introspection',
  url: 'http://127.0.0.1:{{port.auth}}/introspect',
  clientId: 'gateway',
  clientSecret: { secret: 'introspection' },
  cacheForMs: 60_000,
  consumerClaim: 'sub',
};
const forward: Extract<AuthMethod, { kind: 'forward' }> = {
  kind: 'forward',
  url: 'http://127.0.0.1:{{port.auth}}/decide',
  timeoutMs: 1000,
  sendHeaders: ['x-decide', 'authorization'],
  takeHeaders: ['x-decided-for'],
};
const opaque = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Ways in other than keys and tokens, and several of them together. */
export const authentication: readonly ConformanceCase[] = [
  {
    id: 'basic',
    shows: 'lets a user with its password in, and asks with its realm',
    covers: [field('kind'), field('realm'), 'consumer basic'],
    api: withPolicy({ auth: basic }),
    consumers: { alice: { basic: { '{{id}}-alice': crypted } } },
    steps: [
      get('/x', reaches({ headers: { authorization: null, 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        headers: { authorization: 'Basic {{basic.alice:open sesame}}' },
      }),
      get('/x', refused(401), { headers: { authorization: 'Basic {{basic.alice:wrong}}' } }),
      get('/x', refused(401), { headers: { authorization: 'Basic {{basic.nobody:open sesame}}' } }),
      get('/x', refused(401), credentials('no-colon')),
      get('/x', refused(401), { headers: { authorization: 'Basic %%%' } }),
      get('/x', refused(401, { headers: { 'www-authenticate': { like: '^Basic realm="shop"' } } })),
    ],
  },
  {
    id: 'any-of',
    shows: 'lets in whoever passes one of several methods',
    covers: [field('kind'), field('methods')],
    api: withPolicy({ auth: { kind: 'anyOf', methods: [keyAuth, jwt()] } }),
    consumers: { alice: {} },
    tokens: {
      good: { claims: { iss: 'https://id.test' } },
      bad: { key: 'rsa-other', claims: { iss: 'https://id.test' } },
    },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), { as: 'alice' }),
      get('/x', reaches({}), opaque('{{token.good}}')),
      get('/x', refused(401), opaque('{{token.bad}}')),
      get('/x', refused(401), { headers: { 'x-api-key': 'nobody' } }),
      get('/x', refused(401)),
    ],
  },
  {
    id: 'all-of',
    shows: 'lets in only who passes all of several methods',
    covers: [field('kind'), field('methods')],
    api: withPolicy({ auth: { kind: 'allOf', methods: [keyAuth, jwt()] } }),
    consumers: { alice: {} },
    tokens: { good: { claims: { iss: 'https://id.test' } } },
    steps: [
      get(
        '/x',
        reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}', authorization: null, 'x-api-key': null } }),
        {
          as: 'alice',
          ...opaque('{{token.good}}'),
        },
      ),
      get('/x', refused(401), { as: 'alice' }),
      get('/x', refused(401), opaque('{{token.good}}')),
      get('/x', refused(401)),
    ],
  },
  {
    id: 'introspection',
    shows: 'asks the issuer about an opaque token',
    covers: [field('kind'), field('url'), field('clientId'), field('clientSecret.secret'), field('consumerClaim')],
    api: withPolicy({ auth: introspection }),
    consumers: { alice: { jwt: [{ issuer: introspection.url, claim: 'sub', value: '{{id}}-alice' }] } },
    steps: [
      get(
        '/x',
        reaches({ headers: { authorization: null, 'x-gitway-consumer': '{{consumer.alice}}' } }),
        opaque('on.{{id}}-alice.'),
      ),
      get('/x', refused(401), opaque('off.{{id}}-alice.')),
      get('/x', refused(401)),
    ],
  },
  {
    id: 'introspection-demands',
    shows: 'asks an opaque token for scopes and claims',
    covers: [field('scopes'), field('claims')],
    api: withPolicy({ auth: { ...introspection, scopes: ['read'], claims: { client_id: ['alice'] } } }),
    steps: [
      get('/x', reaches({}), opaque('on.alice.read+write')),
      get('/x', refused(403), opaque('on.alice.write')),
      get('/x', refused(403), opaque('on.bob.read')),
    ],
  },
  {
    id: 'introspection-kept',
    shows: 'asks about a token once in a while, and not for each call',
    covers: [field('cacheForMs')],
    api: withPolicy({ auth: introspection }),
    steps: [{ send: { line: 'GET /x', ...opaque('once.{{id}}.') }, sequence: [200, 200, 200] }],
  },
  {
    id: 'forward',
    shows: 'lets somebody else decide, with the headers that are named',
    covers: [field('kind'), field('url'), field('sendHeaders'), field('takeHeaders')],
    api: withPolicy({ auth: forward }),
    steps: [
      get('/x', reaches({ headers: { 'x-decided-for': 'alice', 'x-asked-with': null } }), {
        headers: { 'x-decide': '200', 'x-decided-for': 'forged' },
      }),
      get('/x', { status: 401, upstream: null }),
      get('/x', { status: 403, upstream: null }, { headers: { 'x-decide': '403' } }),
    ],
  },
  {
    id: 'forward-timeout',
    shows: 'lets nobody in when who decides does not answer in time',
    covers: [field('timeoutMs')],
    api: withPolicy({ auth: forward }),
    steps: [
      get('/x', { upstream: null, problem: true }, { headers: { 'x-decide': '0' } }),
      get('/x', { upstream: null, problem: true }, { headers: { 'x-decide': '500' } }),
    ],
  },
  {
    id: 'mtls',
    shows: 'lets in who shows a certificate of the authority, and knows consumers by it',
    covers: [field('kind'), field('ca'), 'consumer mtls.by', 'consumer mtls.value', 'gateway listeners.protocol'],
    gateway: tlsGateway('request'),
    api: withPolicy({ auth: { kind: 'mtls', ca: ['{{certificate.ca}}'] } }),
    consumers: {
      alice: { mtls: [{ by: 'dns', value: 'alice.clients.test' }] },
      bob: { mtls: [{ by: 'sha256', value: '{{fingerprint.bob}}' }] },
    },
    steps: [
      ...(['alice', 'bob'] as const).map((name) =>
        get('/x', reaches({ headers: { 'x-gitway-consumer': `{{consumer.${name}}}` } }), {
          listener: 'https',
          tls: { certificate: name },
        }),
      ),
      get('/x', refused(401), { listener: 'https', tls: {} }),
      get('/x', refused(401), { listener: 'https', tls: { certificate: 'mallory' } }),
    ],
  },
  {
    id: 'mtls-subject',
    shows: 'knows a consumer by the subject of its certificate, and holds it to its plans and suspension',
    covers: ['consumer mtls.value'],
    gateway: tlsGateway('request'),
    api: { plans: ['gold'], policy: { auth: { kind: 'mtls', ca: ['{{certificate.ca}}'] } } },
    plans: { gold: {} },
    consumers: {
      alice: { mtls: [{ by: 'subject', value: 'CN=alice' }], plans: ['gold'] },
      bob: { mtls: [{ by: 'dns', value: 'bob.clients.test' }], plans: ['gold'], suspended: true },
    },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        listener: 'https',
        tls: { certificate: 'alice' },
      }),
      get('/x', refused(403), { listener: 'https', tls: { certificate: 'bob' } }),
      get('/x', refused(403), { listener: 'https', tls: { certificate: 'upstream' } }),
      get('/x', refused(401), { listener: 'https', tls: { certificate: 'mallory' } }),
      get('/x', refused(401), { listener: 'https', tls: {} }),
      get('/x', refused(401)),
    ],
  },
  {
    id: 'mtls-or-key',
    shows: 'lets in who shows a certificate or a key, and for one operation both of one consumer',
    covers: ['api policy.auth.methods', 'api policy.operations.auth'],
    gateway: tlsGateway('request'),
    api: {
      operations: ['both GET /both'],
      policy: {
        auth: { kind: 'anyOf', methods: [keyAuth, { kind: 'mtls', ca: ['{{certificate.ca}}'] }] },
        operations: {
          both: { auth: { kind: 'allOf', methods: [keyAuth, { kind: 'mtls', ca: ['{{certificate.ca}}'] }] } },
        },
      },
    },
    consumers: { alice: { mtls: [{ by: 'dns', value: 'ALICE.clients.test' }] }, bob: {} },
    steps: [
      ...(['/x', '/both'] as const).flatMap((path) => [
        get(path, reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), {
          listener: 'https',
          tls: { certificate: 'alice' },
          as: 'alice',
        }),
        get(path, refused(401), { listener: 'https', tls: { certificate: 'mallory' } }),
      ]),
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        listener: 'https',
        tls: { certificate: 'alice' },
      }),
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.bob}}' } }), { as: 'bob' }),
      get('/both', refused(401), { as: 'alice' }),
      get('/both', refused(401), { listener: 'https', tls: { certificate: 'alice' } }),
      get('/both', refused(403), { listener: 'https', tls: { certificate: 'alice' }, as: 'bob' }),
    ],
  },
];
