import type { AuthMethod } from '@gitway/contracts';
import type { TokenOf } from '../case.ts';

type Jwt = Extract<AuthMethod, { kind: 'jwt' }>;

export const issuer = 'https://id.test';
export const jwt = (change: Partial<Jwt> = {}): Jwt => ({
  kind: 'jwt',
  issuer,
  audience: [],
  keys: { pem: ['{{pem.rsa}}'] },
  algorithms: ['RS256'],
  header: 'authorization',
  cookie: null,
  clockSkewMs: 0,
  scopeClaim: 'scope',
  consumerClaim: 'sub',
  anyCaller: true,
  ...change,
});
export const good = { iss: issuer, sub: 'alice' };
export const of = (claims: Readonly<Record<string, unknown>> = {}, more: TokenOf = {}): TokenOf => ({
  ...more,
  claims: { ...good, ...claims },
});
export const bearer = (name: string) => ({ headers: { authorization: `Bearer {{token.${name}}}` } });
export const field = (name: string) => `api policy.auth.${name}`;
