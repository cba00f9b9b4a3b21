import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Where one value lies in a pack, and the digest that its bytes must have. */
export interface PackedValue {
  readonly offset: number;
  readonly length: number;
  readonly sum: string;
}

const MAGIC = 'gitway-pack-1';
/** Of the first line: the magic word, the length of the index, its digest. */
const HEAD_BYTES = 64;
const MAX_INDEX_BYTES = 64_000_000;

export const sumOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** A pack as bytes: a head of fixed length, an index as JSON, and the values one after the other. */
export function packOf(values: ReadonlyMap<string, Buffer>): Buffer {
  const index: Record<string, [number, number, string]> = {};
  let offset = 0;
  for (const [key, bytes] of values) {
    index[key] = [offset, bytes.byteLength, sumOf(bytes)];
    offset += bytes.byteLength;
  }
  const json = Buffer.from(JSON.stringify(index));
  const head = `${MAGIC} ${json.byteLength} ${sumOf(json)}`.padEnd(HEAD_BYTES - 1) + '\n';
  return Buffer.concat([Buffer.from(head), json, ...values.values()]);
}

/** What a pack holds; undefined where it is not whole. */
export async function indexOf(path: string): Promise<Map<string, PackedValue> | undefined> {
  const file = await open(path);
  try {
    const head = await bytesAt(file, 0, HEAD_BYTES);
    const [magic, length, sum] = head?.toString('latin1').trim().split(' ') ?? [];
    const bytes = Number(length);
    if (magic !== MAGIC || !Number.isInteger(bytes) || bytes > MAX_INDEX_BYTES) return undefined;
    const json = await bytesAt(file, HEAD_BYTES, bytes);
    if (json === undefined || sumOf(json) !== sum) return undefined;
    const start = HEAD_BYTES + bytes;
    const index = JSON.parse(json.toString()) as Record<string, [number, number, string]>;
    return new Map(
      Object.entries(index).map(([key, [offset, size, digest]]) => [
        key,
        { offset: start + offset, length: size, sum: digest },
      ]),
    );
  } finally {
    await file.close();
  }
}

/** The bytes of some values of a pack; one whose bytes are not what they were is left out. */
export async function readPacked<K>(path: string, values: ReadonlyMap<K, PackedValue>): Promise<Map<K, Buffer>> {
  const found = new Map<K, Buffer>();
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const wanted = [...values.values()].reduce((sum, { length }) => sum + length, 0);
    const whole = values.size > 8 && wanted > size / 4 ? await bytesAt(file, 0, size) : undefined;
    for (const [key, { offset, length, sum }] of values) {
      const bytes = whole?.subarray(offset, offset + length) ?? (await bytesAt(file, offset, length));
      if (bytes?.byteLength === length && sumOf(bytes) === sum) found.set(key, bytes);
    }
  } finally {
    await file.close();
  }
  return found;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return bytesRead === length ? buffer : undefined;
}
