/** What a JSON text of so many bytes is at most in memory, counted by what it is made of, in bytes on the heap. */
const WEIGHTS = new Uint8Array(256);
WEIGHTS['{'.charCodeAt(0)] = 56;
WEIGHTS['['.charCodeAt(0)] = 48;
WEIGHTS[':'.charCodeAt(0)] = 32;
WEIGHTS[','.charCodeAt(0)] = 16;

/** Texts below this cannot take what a thread may have. */
const LIGHT_BYTES = 1_000_000;

/**
 * Estimates what `JSON.parse` will take. It allocates without giving V8 the chance to end a thread that exceeds its
 * limit, so the whole process would end; what is read in JavaScript is ended by the limit itself.
 *
 * @returns 0 for what is small, or no JSON
 */
export function jsonWeight(bytes: Uint8Array): number {
  if (bytes.byteLength < LIGHT_BYTES || !startsAsJson(bytes)) return 0;
  let weight = bytes.byteLength;
  for (let index = 0; index < bytes.length; index += 1) weight += WEIGHTS[bytes[index] as number] as number;
  return weight;
}

function startsAsJson(bytes: Uint8Array): boolean {
  // A byte order mark, then white space, then an object or a list.
  const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  return first === 0x7b || first === 0x5b;
}
