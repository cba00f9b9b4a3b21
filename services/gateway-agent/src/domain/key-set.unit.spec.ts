import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MAX_KEYS, parseKeySet } from './key-set.ts';

const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const set = (...keys: unknown[]) => JSON.stringify({ keys });
const ids = (text: string) => {
  const parsed = parseKeySet(text);
  return 'keys' in parsed ? parsed.keys.map(({ id }) => id) : parsed.refusal;
};

describe('a key set', () => {
  it('gives the keys that verify signatures, and leaves the others out', () => {
    const text = set(
      { ...jwk, kid: 'plain' },
      { ...jwk, kid: 'signing', use: 'sig', alg: 'ES256' },
      { ...jwk, kid: 'verifying', key_ops: ['verify'] },
      { ...jwk, kid: 'encrypting', use: 'enc' },
      { ...jwk, kid: 'deriving', key_ops: ['deriveKey'] },
      { ...jwk, kid: 'broken', x: 'AA' },
      { kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'another kind' },
      { kty: 'oct', k: 'AP8', kid: 'shared' },
      { kty: 'oct', kid: 'empty' },
      'no key',
      null,
    );
    expect(ids(text)).toEqual(['plain', 'signing', 'verifying', 'shared']);
    const parsed = parseKeySet(text);
    expect('keys' in parsed && parsed.keys[1]).toMatchObject({ algorithm: 'ES256' });
    expect('keys' in parsed && parsed.keys[3]).toMatchObject({ key: { secret: Buffer.from([0, 255]) } });
  });

  it.each([
    ['no JSON', '<html>', 'it is no JSON'],
    ['not an object', '[]', 'it is no JSON Web Key Set: `keys` must be a list of at most 1000'],
    ['empty', set(), 'none of its keys can verify a signature'],
    ['too large', set(...Array.from({ length: MAX_KEYS + 1 }, () => jwk)), 'it has 51 keys; 50 are possible'],
  ])('is none where it is %s', (_what, text, refusal) => expect(ids(text)).toBe(refusal));
});
