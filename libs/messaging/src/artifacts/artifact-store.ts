import { type ArtifactKind, artifactKey, canonicalJson, digestOfBytes, gitBlobId } from '@gitway/contracts';
import { InternalError, NotFoundError } from '@gitway/errors';
import type { z } from 'zod';
import { packCompiled, unpackCompiled } from './compiled-form.ts';

/**
 * Immutable things under the digest of what they are. Reading verifies: bytes that do not have their digest are an
 * error, never an answer. Writing the same again changes nothing.
 */
export abstract class ArtifactStore {
  /** Bytes under a key, or null. */
  protected abstract read(kind: ArtifactKind, digest: string): Promise<Uint8Array | null>;
  protected abstract write(kind: ArtifactKind, digest: string, content: Uint8Array): Promise<void>;
  abstract has(kind: ArtifactKind, digest: string): Promise<boolean>;

  /** Stores the value's canonical JSON. @returns its digest */
  async putJson(kind: Exclude<ArtifactKind, 'blob'>, value: unknown): Promise<string> {
    const bytes = Buffer.from(canonicalJson(value));
    const digest = digestOfBytes(bytes);
    await this.write(kind, digest, bytes);
    return digest;
  }

  /**
   * @throws NotFoundError `artifact-missing`
   * @throws InternalError `artifact-corrupt` when the bytes or their shape are not what the digest and schema promise
   */
  async getJson<T>(kind: Exclude<ArtifactKind, 'blob'>, digest: string, schema: z.ZodType<T>): Promise<T> {
    const bytes = await this.read(kind, digest);
    if (bytes === null) throw missing(kind, digest);
    if (digestOfBytes(bytes) !== digest) throw corrupt(kind, digest);
    const parsed = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!parsed.success) throw corrupt(kind, digest, parsed.error);
    return parsed.data;
  }

  /**
   * Keeps what was made of something under the digest of what it was made of, for as long as it is used and there is
   * room: it may be gone at any time, and is then made again. The same is always made of the same.
   */
  async putCompiled(madeOf: string, value: unknown): Promise<void> {
    const content = await packCompiled(value);
    if (content !== null) await this.write('compiled', madeOf, content);
  }

  /** Undefined where there is nothing, or where it is not whole. */
  async getCompiled(madeOf: string): Promise<unknown> {
    const bytes = await this.read('compiled', madeOf);
    return bytes === null ? undefined : unpackCompiled(bytes);
  }

  /** Stores a Git blob. @returns its object id */
  async putBlob(content: Uint8Array): Promise<string> {
    const oid = gitBlobId(content);
    await this.write('blob', oid, content);
    return oid;
  }

  /** Stores many blobs, some tens at a time. `oid` is trusted to be Git's; readers verify it. */
  async putBlobs(blobs: readonly { oid: string; content: Uint8Array }[]): Promise<void> {
    await inParallel(blobs, (blob) => this.write('blob', blob.oid, blob.content));
  }

  async getBlob(oid: string): Promise<Uint8Array> {
    const content = await this.read('blob', oid);
    if (content === null) throw missing('blob', oid);
    // Ids of repositories in SHA-256 format are 64 digits long; they are the digest of other bytes than SHA-1 ids.
    if (oid.length === 40 && gitBlobId(content) !== oid) throw corrupt('blob', oid);
    return content;
  }

  async getBlobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    await inParallel([...new Set(oids)], async (oid) => void found.set(oid, await this.getBlob(oid)));
    return found;
  }
}

const missing = (kind: ArtifactKind, digest: string) =>
  new NotFoundError('artifact-missing', `the artifact store has no ${artifactKey(kind, digest)}`);

const corrupt = (kind: ArtifactKind, digest: string, cause?: unknown) =>
  new InternalError('artifact-corrupt', `${artifactKey(kind, digest)} is not what its name promises`, { cause });

/** Runs work for every item, at most 64 at a time; the first error ends it. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(64, items.length) }, worker));
}
