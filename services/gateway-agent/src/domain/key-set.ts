import { createPublicKey, type JsonWebKey as Jwk } from 'node:crypto';
import type { VerificationKey } from '@gitway/drivers';
import { z } from 'zod';

/** Issuers have a handful; each may have to be tried for a token that names none. */
export const MAX_KEYS = 50;

const keySchema = z.looseObject({
  kty: z.string(),
  kid: z.string().max(1000).optional(),
  alg: z.string().max(20).optional(),
  use: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
});
const keySetSchema = z.object({ keys: z.array(z.unknown()).max(1000) });

/**
 * The keys of a JSON Web Key Set (RFC 7517) that signatures can be verified with. Keys for something else, and keys that
 * cannot be read, are left out, as its section 5 asks; a set without any is no set.
 * @returns why it is none
 */
export function parseKeySet(text: string): { keys: VerificationKey[] } | { refusal: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: 'it is no JSON' };
  }
  const set = keySetSchema.safeParse(value);
  if (!set.success) return { refusal: 'it is no JSON Web Key Set: `keys` must be a list of at most 1000' };
  const keys = set.data.keys.flatMap((key) => readKey(key) ?? []);
  if (keys.length === 0) return { refusal: 'none of its keys can verify a signature' };
  if (keys.length > MAX_KEYS) return { refusal: `it has ${keys.length} keys; ${MAX_KEYS} are possible` };
  return { keys };
}

function readKey(value: unknown): VerificationKey | null {
  const parsed = keySchema.safeParse(value);
  if (!parsed.success) return null;
  const { kty, kid = null, alg = null, use, key_ops: operations } = parsed.data;
  if ((use !== undefined && use !== 'sig') || (operations !== undefined && !operations.includes('verify'))) return null;
  const about = { id: kid, algorithm: alg };
  if (kty === 'oct') {
    const secret = parsed.data['k'];
    const bytes = typeof secret === 'string' ? Buffer.from(secret, 'base64url') : Buffer.alloc(0);
    return bytes.length === 0 ? null : { ...about, key: { secret: bytes } };
  }
  if (kty !== 'RSA' && kty !== 'EC') return null;
  try {
    const key = createPublicKey({ key: parsed.data as Jwk, format: 'jwk' });
    return { ...about, key: { pem: key.export({ type: 'spki', format: 'pem' }).toString() } };
  } catch {
    return null;
  }
}
