import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { AuthMethod } from '@gitway/contracts';

/** Tokens as an issuer makes them, and as an attacker does. */
export const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

export const rsaKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ecKeys = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

const hash = (algorithm: string) => `sha${algorithm.slice(2)}`;

/** @param key private key, or the secret of an HMAC; @param claims as given where it is text */
export function aToken(key: KeyObject | Buffer, header: Record<string, unknown> & { alg: string }, claims: unknown) {
  const text = `${b64(header)}.${b64(claims)}`;
  if (Buffer.isBuffer(key)) return `${text}.${createHmac(hash(header.alg), key).update(text).digest('base64url')}`;
  const signature = sign(hash(header.alg), Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export const ISSUER = 'https://id.example.com/';
export const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
export const goodClaims = (change: Record<string, unknown> = {}) => ({
  iss: ISSUER,
  aud: 'pets',
  sub: 'acme-app',
  exp: secondsFromNow(600),
  ...change,
});

export const jwtAuth = (change: Partial<Extract<AuthMethod, { kind: 'jwt' }>> = {}) => ({
  kind: 'jwt' as const,
  issuer: ISSUER,
  audience: ['pets'],
  keys: { jwksUri: 'https://id.example.com/jwks' },
  algorithms: ['RS256'],
  header: 'authorization',
  cookie: null,
  clockSkewMs: 0,
  scopeClaim: 'scope',
  consumerClaim: 'sub',
  anyCaller: false,
  ...change,
});
