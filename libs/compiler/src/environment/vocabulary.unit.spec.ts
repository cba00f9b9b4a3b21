import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { unitSchema, type ApiUnit, type Unit } from '@gitway/contracts';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, gateway, openApi, permissiveDrivers, policy, workspaceOf } from '../testing/workspace.ts';
import { exampleAuthority, exampleKey } from '../rules/example-certificates.ts';

const certificate = exampleAuthority;
const publicKey = exampleKey;
const otherKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;

const everything = `  policy:
    auth:
      anyOf: [apiKey, jwt]
      apiKey: { header: X-Key, bearer: true }
      jwt: { issuer: https://id.example.com, audience: [pets], keys: [../keys/issuer.pem], clockSkew: 1m }
      scopes: [pets:read]
    rateLimits:
      - { requests: 10, per: second, by: ip }
      - { requests: 600, per: minute, by: header, header: X-Tenant, burst: 20 }
    quota: { requests: 10000, per: month }
    concurrency: { requests: 50, queue: 10 }
    request: { body: 1MB, headers: 16KiB, contentTypes: [Application/JSON] }
    timeout: { request: 10s, idle: 1h }
    retries: { attempts: 2, on: ['503'] }
    circuitBreaker: { failures: 5 }
    loadBalancing: { algorithm: hash, hash: { by: consumer } }
    canary: { pool: stable, match: [{ in: header, name: X-Canary }] }
    mirror: { pool: stable, percent: 5 }
    cors: { origins: ['https://*.example.com'] }
    headers: { request: { set: { X-Team: Pets }, remove: [Cookie] } }
    rewrite: { prefix: /v2, paths: [{ from: '/old/{id}', to: '/new/{id}' }] }
    redirects: [{ from: /docs, to: https://docs.example.com }]
    compression: {}
    cache: { ttl: 30s, vary: [Accept-Language] }
    maintenance: { message: Back soon., retryAfter: 1h, allow: [10.0.0.0/8] }
    errors: { format: text }
    ip: { deny: ['2001:db8::/32'] }
    allow: { methods: [GET], operations: [listThings] }
    threatProtection: { deny: [{ in: query, pattern: '(?i)union select' }], waf: {}, bans: { refused: 20 } }
    accessLog: { level: errors, audit: metadata }
    operations:
      listThings: { auth: { scopes: [pets:admin] }, rateLimit: null, timeout: { request: 1s }, cache: null }
  deprecation: { since: 2026-01-01, sunset: 2027-01-01, link: https://example.com/v2 }
  lifecycle: deprecated
  slo: { availability: 99.9, latency: { p95: 300ms } }
`;

const route = 'route: { hosts: [api.example.com], basePath: /pets }';
const matched =
  "route: { hosts: ['*.Example.com'], basePath: /pets, onlyDeclaredOperations: true, match: [{ in: header, name: X-Api-Version, value: '2' }], listeners: [https] }";
const upstream = "        targets: [{ url: 'http://pets.internal:8080' }]\n";
const secured = `        targets: [{ url: 'https://pets.internal:8443' }]
        slowStart: 30s
        maxConnections: 100
        resolveEvery: 10s
        protocol: http2
        passiveHealthCheck: { failures: 3 }
        tls: { ca: [../keys/ca.pem], clientCertificate: { secret: pets-client } }
`;
const edge = gateway.replace(
  'listeners: [{ name: http, protocol: http, port: 8080 }]',
  `address: https://api.example.com
  trustedProxies: [10.0.0.0/8]
  listeners:
    - { name: http, protocol: http, port: 8080 }
    - name: https
      protocol: https
      port: 8443
      tls: { certificates: [{ certificate: ./keys/ca.pem, key: { secret: edge-key } }, { secret: other }] }`,
);
const acme = `apiVersion: gitway.dev/v1
kind: Consumer
metadata: { name: acme }
spec:
  credentials:
    apiKeys: [{ sha256: ${'AB'.repeat(32)}, expires: 2027-03-31, note: batch jobs }]
    jwt: [{ issuer: https://id.example.com, value: acme }]
    mtls: [{ dns: Acme.example.com }]
    basic: [{ username: acme, passwordHash: $6$salt$abc }]
  plans: [pro]
`;
const pro = `apiVersion: gitway.dev/v1
kind: Plan
metadata: { name: pro }
spec:
  rateLimit: { requests: 60, per: minute }
  quotas: [{ requests: 1000, per: day }]
  apis: { operations: { pets: [listThings] } }
`;
const pager = `apiVersion: gitway.dev/v1
kind: Notification
metadata: { name: pager }
spec:
  channel: { type: slack, secret: slack-oncall }
  match: [{ events: [incident-opened], environments: [staging], severities: [major, critical] }]
  repeat: 4h
  quietHours: [{ from: "22:00", to: "07:00", timezone: Europe/Paris }]
`;

const whole = (extra: Record<string, string> = {}) => ({
  'apis/pets.yaml': api('pets', everything).replace(route, matched).replace(upstream, secured),
  'apis/pets.openapi.yaml': openApi('Pets'),
  'keys/issuer.pem': publicKey,
  'keys/ca.pem': certificate,
  'gateway.yaml': edge,
  'environments/staging.yaml': environment('staging'),
  'acme.yaml': acme,
  'pro.yaml': pro,
  'pager.yaml': pager,
  ...extra,
});

async function compile(files: Record<string, string>) {
  const { environments, findings } = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
  return { findings, units: [...(environments[0]?.units.values() ?? [])] };
}
const petsOf = (units: readonly Unit[]) => units.find((unit): unit is ApiUnit => unit.kind === 'api')!;

/** Whether the schema knows every field of the unit: what it does not know it would drop. */
const known = (unit: Unit) => unitSchema.parse(unit);

describe('the vocabulary', () => {
  it('compiles to units that the contract knows to the last field', async () => {
    const { findings, units } = await compile(whole());
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const told = findings.filter(({ rule }) => rule.startsWith('unsupported'));
    expect(told.map(({ rule, severity, where }) => [rule, severity, where.field])).toEqual([
      ['unsupported-by-platform', 'warning', 'spec.slo'],
      ['unsupported-by-platform', 'warning', 'metadata.name'],
    ]);
    expect(units.map((unit) => unit.kind).sort()).toEqual([
      'api',
      'consumers',
      'environment',
      'gateway',
      'notification',
      'plan',
    ]);
    for (const unit of units) expect(known(unit)).toEqual(unit);
  });

  it('fills in every default, in milliseconds and bytes', async () => {
    const { policy: made } = petsOf((await compile(whole())).units);
    expect(made.auth).toMatchObject({
      kind: 'anyOf',
      methods: [
        { kind: 'apiKey', header: 'x-key', bearer: true, query: null },
        {
          kind: 'jwt',
          keys: { pem: [publicKey.trim()] },
          algorithms: ['RS256'],
          clockSkewMs: 60_000,
          scopes: ['pets:read'],
        },
      ],
    });
    expect(made.rateLimits).toEqual([
      { requests: 10, windowMs: 1_000, by: 'ip' },
      { requests: 600, windowMs: 60_000, by: 'header', header: 'x-tenant', burst: 20 },
    ]);
    expect(made).toMatchObject({
      quotas: [{ requests: 10_000, per: 'month', by: 'consumer' }],
      concurrency: { requests: 50, by: 'consumer', queue: 10, queueTimeoutMs: 1_000 },
      request: { bodyBytes: 1_000_000, headersBytes: 16_384, contentTypes: ['application/json'] },
      timeouts: { connectMs: 5_000, requestMs: 10_000, idleMs: 3_600_000 },
      retries: { attempts: 2, on: ['503'], methods: ['GET', 'HEAD', 'OPTIONS'] },
      cors: { methods: ['GET'], credentials: false, maxAgeMs: 600_000 },
      headers: { request: { set: { 'x-team': 'Pets' }, remove: ['cookie'] } },
      redirects: [{ from: '/docs', to: 'https://docs.example.com', status: 308 }],
      compression: { types: ['application/json', 'text/*'], minSizeBytes: 1_000 },
      threatProtection: {
        waf: { mode: 'block', paranoia: 1 },
        bans: { refused: 20, withinMs: 60_000, forMs: 600_000 },
      },
      accessLog: { level: 'errors', sample: 1, audit: 'metadata' },
    });
  });

  it('says for an operation what differs, over what the API asks for', async () => {
    const { policy: made, planOperations } = petsOf((await compile(whole())).units);
    expect(made.operations).toMatchObject({
      listThings: {
        auth: { methods: [{ kind: 'apiKey' }, { kind: 'jwt', scopes: ['pets:admin'] }] },
        rateLimits: [],
        timeouts: { connectMs: 5_000, requestMs: 1_000, idleMs: 3_600_000 },
      },
    });
    expect(planOperations).toEqual({ pro: ['listThings'] });
  });

  it('takes the content of the files that it names into the digest', async () => {
    const digest = async (pem: string) => {
      const made = await compileWorkspace(workspaceOf(whole({ 'keys/issuer.pem': pem })), {
        drivers: permissiveDrivers,
      });
      return made.environments[0]!.digest;
    };
    expect(await digest(publicKey)).not.toBe(await digest(otherKey));
  });

  it('names the file that a policy asks for where the policy is written', async () => {
    const shared = policy('tokens', '  auth: { anyOf: [jwt], jwt: { issuer: a, keys: [./gone.pem] } }\n');
    const { findings } = await compile({
      ...whole({ 'policies/tokens.yaml': shared }),
      'apis/pets.yaml': api('pets', '  policies: [tokens]\n'),
    });
    expect(findings).toMatchObject(
      [{ rule: 'missing-file', where: { file: 'policies/tokens.yaml', field: 'spec.auth.jwt.keys.0' } }, {}, {}].slice(
        0,
        findings.length,
      ),
    );
    expect(findings[0]!.message).toContain('policies/gone.pem');
  });
});

describe('what would be ambiguous or dangerous', () => {
  it.each([
    ['one header in two spellings', 'headers: { request: { set: { X-A: a, x-a: b } } }', 'headers.request.set'],
    ['a line end in a header', 'headers: { response: { set: { X-A: "a\\r\\nb" } } }', 'headers.response.set.X-A'],
    ['every origin with credentials', "cors: { origins: ['*'], credentials: true }", 'cors.origins'],
    [
      'one limit and several',
      'rateLimit: { requests: 1, per: day }, rateLimits: [{ requests: 1, per: day }]',
      'rateLimits',
    ],
    ['a header without its name', 'rateLimit: { requests: 1, per: day, by: header }', 'rateLimit.header'],
    ['a range that is none', 'ip: { deny: [10.0.0.0/33] }', 'ip.deny.0'],
    ['a size of half a byte', 'request: { body: 0.0001KB }', 'request.body'],
    ['tokens without keys', 'auth: { anyOf: [jwt], jwt: { issuer: a } }', 'auth.jwt.jwksUri'],
    ['scopes that nothing carries', 'auth: { anyOf: [apiKey], scopes: [a] }', 'auth.scopes'],
    ['nobody and somebody', 'auth: { anyOf: [none, apiKey] }', 'auth.anyOf'],
    [
      'a password in a URL',
      'auth: { anyOf: [forward], forward: { url: "https://a:b@example.com" } }',
      'auth.forward.url',
    ],
  ])('%s is refused', async (_, fields, field) => {
    const { findings } = await compile({ ...whole(), 'apis/pets.yaml': api('pets', `  policy: { ${fields} }\n`) });
    expect(findings.filter(({ severity }) => severity === 'error').map(({ where }) => where.field)).toEqual([
      `spec.policy.${field}`,
    ]);
  });
});

describe('the merge of policies', () => {
  const layered = async (files: Record<string, string>, own = '') => {
    const { findings, units } = await compile({
      'apis/pets.yaml': api('pets', own),
      'apis/pets.openapi.yaml': openApi('Pets'),
      'gateway.yaml': gateway,
      'environments/staging.yaml': environment('staging'),
      ...files,
    });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    return petsOf(units).policy;
  };
  const limit = (requests: number) => `  rateLimit: { requests: ${requests}, per: minute }\n`;

  it('takes defaults first, then selectors, then references, then the own', async () => {
    const files = {
      'd.yaml': policy('house', `  default: true\n${limit(1)}  timeout: { connect: 1s }\n  retries: { attempts: 1 }\n`),
      's.yaml': policy('public', `  selector: { labels: { tier: public } }\n${limit(2)}  timeout: { request: 2s }\n`),
      'r.yaml': policy('named', limit(3)),
    };
    expect(await layered(files)).toMatchObject({
      rateLimits: [{ requests: 2 }],
      timeouts: { connectMs: 1_000, requestMs: 2_000 },
      retries: { attempts: 1 },
    });
    expect((await layered(files, '  policies: [named]\n')).rateLimits).toMatchObject([{ requests: 3 }]);
    expect(
      await layered(files, '  policies: [named]\n  policy: { rateLimit: null, retries: null }\n'),
    ).not.toMatchObject({
      retries: {},
    });
  });

  it('replaces one limit by several and several by one', async () => {
    const files = { 'd.yaml': policy('house', `  default: true\n${limit(1)}`) };
    const several = '  policy: { rateLimits: [{ requests: 5, per: second }, { requests: 9, per: hour }] }\n';
    expect((await layered(files, several)).rateLimits).toMatchObject([{ requests: 5 }, { requests: 9 }]);
    expect((await layered(files, '  policy: { rateLimit: { requests: 7, per: hour } }\n')).rateLimits).toMatchObject([
      { requests: 7 },
    ]);
  });

  it('merges headers name by name and operations one by one', async () => {
    const house = policy(
      'house',
      '  default: true\n  headers: { request: { set: { X-A: a, X-B: b } } }\n  operations: { listThings: { timeout: { request: 1s } } }\n',
    );
    const own =
      '  policy: { headers: { request: { set: { X-B: c } } }, operations: { listThings: { rateLimit: { requests: 1, per: day } } } }\n';
    expect(await layered({ 'd.yaml': house }, own)).toMatchObject({
      headers: { request: { set: { 'x-a': 'a', 'x-b': 'c' } } },
      operations: { listThings: { timeouts: { requestMs: 1_000 }, rateLimits: [{ requests: 1 }] } },
    });
  });
});
