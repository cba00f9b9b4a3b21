import { generateKeyPairSync, sign } from 'node:crypto';
import type { ApiUnit, AuthMethod, EffectivePolicy, Unit } from '@gitway/contracts';
import { aConsumer, aGateway, anApi, aPool, aShard, policyOf } from '@gitway/drivers/testing';

/** What all APIs of a gateway ask for. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly policy: Partial<EffectivePolicy>;
  readonly onlyDeclared: boolean;
  /** Header lines of each request. */
  readonly headers: readonly string[];
}

export const KEY = 'key-of-the-bench';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const apiKey: AuthMethod = { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null };
const jwt: AuthMethod = {
  kind: 'jwt',
  issuer: 'https://id.example.com',
  audience: ['bench'],
  keys: { pem: [publicKey.export({ type: 'spki', format: 'pem' }) as string] },
  algorithms: ['RS256'],
  header: 'authorization',
  cookie: null,
  clockSkewMs: 30_000,
  scopeClaim: 'scope',
  consumerClaim: 'sub',
  anyCaller: false,
};
const limited = { rateLimits: [{ requests: 100_000_000, windowMs: 60_000, by: 'consumer' as const }] };

function token(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://id.example.com',
    aud: 'bench',
    sub: 'bench',
    exp: Math.floor(Date.now() / 1000) + 3600,
  };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

export const profiles: readonly Profile[] = [
  { name: 'routing', title: 'routing and log', policy: {}, onlyDeclared: false, headers: [] },
  {
    name: 'key',
    title: 'key, rate limit and log',
    policy: { auth: apiKey, ...limited },
    onlyDeclared: false,
    headers: [`X-Api-Key: ${KEY}`],
  },
  {
    name: 'jwt',
    title: 'JWT (RS256), rate limit and log',
    policy: { auth: jwt, ...limited },
    onlyDeclared: false,
    headers: [`Authorization: Bearer ${token()}`],
  },
  {
    name: 'full',
    title: 'key, rate limit, log and declared operations only',
    policy: { auth: apiKey, ...limited },
    onlyDeclared: true,
    headers: [`X-Api-Key: ${KEY}`],
  },
];

const operations: ApiUnit['operations'] = [
  { id: 'list', method: 'get', path: '/pets' },
  { id: 'create', method: 'post', path: '/pets' },
  { id: 'get', method: 'get', path: '/pets/{petId}' },
  { id: 'drop', method: 'delete', path: '/pets/{petId}' },
  { id: 'owner', method: 'get', path: '/pets/{petId}/owner' },
  { id: 'orders', method: 'get', path: '/store/orders/{orderId}/items/{itemId}' },
];

export const GATEWAY = aGateway.name;

/** One API of a gateway. */
export function apiUnit(index: number, profile: Profile, upstream: number): ApiUnit {
  const name = `api-${index}`;
  return anApi(name, {
    route: {
      hosts: [`${name}.example.com`],
      basePath: '/v1',
      keepBasePath: false,
      ...(profile.onlyDeclared ? { onlyDeclaredOperations: true as const } : {}),
    },
    operations,
    pools: [aPool('stable', 100, [upstream])],
    policy: policyOf({ timeouts: { connectMs: 5000, requestMs: 30_000 }, ...profile.policy }),
  });
}

const consumer = aConsumer('bench', KEY, {
  jwt: [{ issuer: 'https://id.example.com', claim: 'sub', value: 'bench' }],
});

export function unitsOf(count: number, profile: Profile, upstream: number): Unit[] {
  return [
    aGateway,
    aShard([consumer]),
    ...Array.from({ length: count }, (_, index) => apiUnit(index, profile, upstream)),
  ];
}

/** Calls of many APIs, so that no lookup is answered from what the last one left. */
export function requestsOf(count: number, profile: Profile): Buffer[] {
  const calls = Math.min(count, 1000);
  return Array.from({ length: calls }, (_, index) => {
    const api = Math.floor((index * count) / calls);
    const lines = [
      `GET /v1/pets/${index} HTTP/1.1`,
      `Host: api-${api}.example.com`,
      'User-Agent: bench',
      ...profile.headers,
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  });
}
