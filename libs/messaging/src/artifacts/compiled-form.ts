import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ARTIFACT_INLINE_LIMIT_BYTES, digestOfBytes } from '@gitway/contracts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);
/** Below this, zipping costs more than it saves. */
const ZIP_BYTES = 8_000;
const MAX_UNZIPPED_BYTES = 256_000_000;
const LINE_END = '\n'.charCodeAt(0);
const GZIP = [0x1f, 0x8b];

/** A value as the bytes that are kept: the digest of its JSON, and the JSON. Null for one that is too large to be worth it. */
export async function packCompiled(value: unknown): Promise<Uint8Array | null> {
  const json = Buffer.from(JSON.stringify(value));
  if (json.byteLength > MAX_UNZIPPED_BYTES) return null;
  const body = json.byteLength > ZIP_BYTES ? await zip(json, { level: 1 }) : json;
  const packed = Buffer.concat([Buffer.from(`${digestOfBytes(json)}\n`), body]);
  return packed.byteLength > ARTIFACT_INLINE_LIMIT_BYTES ? null : packed;
}

/** Undefined where the bytes are not whole. */
export async function unpackCompiled(bytes: Uint8Array): Promise<unknown> {
  const end = bytes.indexOf(LINE_END);
  const body = bytes.subarray(end + 1);
  try {
    const zipped = GZIP.every((byte, index) => body[index] === byte);
    const json = zipped ? await unzip(body, { maxOutputLength: MAX_UNZIPPED_BYTES }) : body;
    if (digestOfBytes(json) !== Buffer.from(bytes.subarray(0, Math.max(end, 0))).toString()) return undefined;
    return JSON.parse(Buffer.from(json).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
