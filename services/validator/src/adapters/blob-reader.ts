import type { TreeEntry } from '@gitway/contracts';
import { NotFoundError, TransientError } from '@gitway/errors';
import type { ArtifactStore } from '@gitway/messaging';

/** Contents of a commit's files, by Git object id. Keeps what was read last, up to a number of bytes. */
export class BlobReader {
  private readonly kept = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly maxBytes: number,
  ) {}

  /** @throws TransientError where the store does not have it (yet): a commit is never judged by half of its files. */
  async read({ oid, path }: TreeEntry): Promise<Uint8Array> {
    const known = this.kept.get(oid);
    if (known !== undefined) {
      this.kept.delete(oid);
      this.kept.set(oid, known);
      return known;
    }
    const content = await this.artifacts.getBlob(oid).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      throw new TransientError('blob-missing', `the content of ${path} (${oid}) is not in the artifact store`, {
        cause: error,
      });
    });
    this.keep(oid, content);
    return content;
  }

  private keep(oid: string, content: Uint8Array): void {
    if (content.byteLength > this.maxBytes / 4 || this.kept.has(oid)) return;
    this.kept.set(oid, content);
    this.bytes += content.byteLength;
    for (const [oldest, bytes] of this.kept) {
      if (this.bytes <= this.maxBytes) break;
      this.kept.delete(oldest);
      this.bytes -= bytes.byteLength;
    }
  }
}
