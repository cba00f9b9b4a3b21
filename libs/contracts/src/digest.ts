import { createHash } from 'node:crypto';

/**
 * JSON with object keys in code-unit order, no white space and no `undefined` members: equal values give equal bytes.
 * Follows RFC 8785 (JSON Canonicalization Scheme), whose number and string forms are those of ECMAScript.
 *
 * @throws TypeError for what JSON cannot hold (NaN, Infinity, functions, bigint): a digest must never depend on a guess.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no JSON form`);
}

/** `sha256-<hex>` of the bytes (a string is taken as UTF-8). */
export function digestOfBytes(bytes: Uint8Array | string): string {
  return `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `sha256-<hex>` of the value's canonical JSON. */
export function digestOf(value: unknown): string {
  return digestOfBytes(canonicalJson(value));
}

/** Git's object id (SHA-1) of a blob with this content: what `git hash-object` prints. */
export function gitBlobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}
