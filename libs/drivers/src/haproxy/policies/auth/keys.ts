import { createHash, createPublicKey } from 'node:crypto';
import type { Provided, VerificationKey } from '../../../driver.ts';
import type { MapEntry, SharedFile } from '../../policy.ts';
import { shortDigest } from '../../scope.ts';

/** A key that tokens of one issuer are verified with, and the algorithms that it is good for, out of those accepted. */
export interface TokenKey {
  /** SHA-256 of the `kid` that names it; null: it has none, and is tried for every token. */
  readonly kid: string | null;
  readonly algorithms: readonly string[];
  /** Where HAProxy finds it: a file of its own, or the entry of a map that holds shared secrets. */
  readonly at: { readonly file: SharedFile } | { readonly entry: MapEntry };
}

export interface KeySource {
  readonly keys: { jwksUri: string } | { pem: readonly string[] };
  readonly algorithms: readonly string[];
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
export const SECRETS_MAP = 'token-secrets';

/** The algorithms that a public key (or the certificate that holds it) is good for; RFC 7518, 3.3 and 3.4. */
export function algorithmsOf(pem: string): { readonly algorithms: readonly string[]; readonly spki: string } | null {
  try {
    const key = createPublicKey(pem);
    const details = key.asymmetricKeyDetails;
    const spki = key.export({ type: 'spki', format: 'pem' }).toString();
    if (key.asymmetricKeyType === 'rsa') {
      return { spki, algorithms: (details?.modulusLength ?? 0) >= 2048 ? ['RS256', 'RS384', 'RS512'] : [] };
    }
    const curve = key.asymmetricKeyType === 'ec' ? CURVES[details?.namedCurve ?? ''] : undefined;
    return { spki, algorithms: curve === undefined ? [] : [curve] };
  } catch {
    return null;
  }
}

/** A secret has to be as long as the hash (RFC 7518, 3.2). */
const algorithmsOfSecret = (secret: Uint8Array) =>
  [256, 384, 512].filter((bits) => secret.byteLength * 8 >= bits).map((bits) => `HS${bits}`);

/**
 * So the family of an algorithm is that of its key, whatever a token says: a public key never serves as the secret of an
 * HMAC. Keys that fit none of the accepted algorithms are left out.
 */
export function tokenKeys({ keys, algorithms }: KeySource, provided: Provided): TokenKey[] {
  const given: readonly VerificationKey[] =
    'pem' in keys
      ? keys.pem.map((pem) => ({ id: null, algorithm: null, key: { pem } }))
      : (provided.keySets.get(keys.jwksUri) ?? []);
  return given.flatMap((key) => tokenKey(key, algorithms) ?? []);
}

function tokenKey({ id, algorithm, key }: VerificationKey, accepted: readonly string[]): TokenKey | null {
  const fits = (known: readonly string[]) =>
    known.filter((one) => accepted.includes(one) && (algorithm === null || algorithm === one));
  const kid = id === null ? null : createHash('sha256').update(id).digest('hex');
  if ('secret' in key) {
    const algorithms = fits(algorithmsOfSecret(key.secret));
    const value = asBytes(key.secret);
    const entry = { map: SECRETS_MAP, key: `s${shortDigest(value, 32)}`, value };
    return algorithms.length === 0 ? null : { kid, algorithms, at: { entry } };
  }
  const known = algorithmsOf(key.pem);
  const algorithms = fits(known?.algorithms ?? []);
  if (known === null || algorithms.length === 0) return null;
  const file = { path: `maps/key.${shortDigest(known.spki, 16)}.pem`, text: known.spki, secret: false };
  return { kid, algorithms, at: { file } };
}

/** Any bytes as a value of a map, to be read with `url_dec`: what it decodes from base64 HAProxy turns into hex as text. */
export const asBytes = (bytes: Uint8Array | string): string =>
  Buffer.from(bytes).toString('hex').replaceAll(/../g, '%$&');
