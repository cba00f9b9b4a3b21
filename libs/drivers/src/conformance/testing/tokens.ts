import { constants, createHmac, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { KeyName, TokenOf } from '../case.ts';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const curves: Partial<Record<KeyName, string>> = { p256: 'P-256', p384: 'P-384', p521: 'P-521' };
const pairs = new Map<KeyName, Pair>();
export const sharedSecret = randomBytes(32).toString('hex');

/** Made once for each run, when first asked for. */
function pairOf(key: KeyName): Pair {
  const known = pairs.get(key);
  if (known !== undefined) return known;
  const namedCurve = curves[key];
  const made =
    namedCurve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve });
  pairs.set(key, made);
  return made;
}

export const pem = (key: KeyName): string =>
  pairOf(key).publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** RFC 7519 in the compact form of RFC 7515. */
export function token(given: TokenOf): string {
  const { key = 'rsa', alg = 'RS256', header = {}, claims = {}, expiresIn = 3600, notBeforeIn, broken } = given;
  const now = Math.floor(Date.now() / 1000);
  const body = {
    ...(expiresIn === null ? {} : { exp: now + expiresIn }),
    ...(notBeforeIn === undefined ? {} : { nbf: now + notBeforeIn }),
    ...claims,
  };
  const head = encoded({ alg, typ: 'JWT', ...header });
  const signature = signed(`${head}.${encoded(body)}`, key, alg, given.confused === true);
  if (broken === 'claims') return `${head}.${encoded({ ...body, sub: 'somebody-else' })}.${signature}`;
  if (broken === 'no-signature') return `${head}.${encoded(body)}.`;
  if (broken === 'signature') return `${head}.${encoded(body)}.${'A'.repeat(signature.length)}`;
  return `${head}.${encoded(body)}.${signature}`;
}

function signed(text: string, key: KeyName, alg: string, confused: boolean): string {
  if (alg === 'none') return '';
  const bits = alg.slice(2);
  if (alg.startsWith('HS')) {
    return createHmac(`sha${bits}`, confused ? `${pem(key)}\n` : sharedSecret)
      .update(text)
      .digest('base64url');
  }
  const { privateKey } = pairOf(key);
  const signer = createSign(`sha${bits}`).update(text);
  if (alg.startsWith('ES')) return signer.sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url');
  const padding = alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return signer.sign({ key: privateKey, ...padding }, 'base64url');
}

/** The key as a member of a JWK Set (RFC 7517). */
export function jwk(key: KeyName): Record<string, unknown> {
  if (key === 'secret') return { kid: key, kty: 'oct', k: Buffer.from(sharedSecret).toString('base64url') };
  return { kid: key, ...pairOf(key).publicKey.export({ format: 'jwk' }) };
}
