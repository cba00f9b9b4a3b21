import { randomUUID } from 'node:crypto';
import { commitDetected, treeSchema, type TreeEntry } from '@gitway/contracts';
import { GitwayError, InvalidInputError } from '@gitway/errors';
import { ArtifactStore, UnitOfWork } from '@gitway/messaging';
import { lockInTransaction } from '@gitway/persistence';
import { runInStory } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { Mirrors } from '../adapters/mirrors.ts';
import type { GitObject, ObjectReader } from '../adapters/object-reader.ts';
import { type Head, SourceStore } from '../adapters/source-store.ts';
import { parseCommit } from '../domain/commit.ts';
import { reportedChanges } from '../domain/reported-changes.ts';
import type { Source } from '../domain/source.ts';
import { changesBetween, MAX_BLOB_BYTES, MAX_COMMIT_BYTES, newBlobs } from '../domain/tree.ts';

export interface Trigger {
  readonly kind: 'webhook' | 'poll';
  readonly receivedAt: Date;
}

/** Blobs are handed to the artifact store in portions, so that a large commit is never in memory as a whole. */
const portionBytes = 32 * 1024 * 1024;
const rememberedTrees = 100;
const rememberedEntries = 1_000_000;

/** Puts a commit's tree and new blobs into the artifact store, and states it as detected: once, whoever else tries. */
@Injectable()
export class ReportCommit {
  /** Trees by digest, newest last: what the next commit is most likely compared with. */
  private readonly trees = new Map<string, readonly TreeEntry[]>();

  constructor(
    private readonly mirrors: Mirrors,
    private readonly store: SourceStore,
    private readonly artifacts: ArtifactStore,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @returns false when somebody else has reported it meanwhile. */
  async run(
    source: Source,
    ref: string,
    object: GitObject,
    previous: Head | null,
    objects: ObjectReader,
    trigger: Trigger,
  ): Promise<boolean> {
    const [before, entries, cause] = await Promise.all([
      this.previousTree(source, previous),
      this.mirrors.listTree(source, object.oid),
      this.store.causeOf(object.oid),
    ]);
    await this.putBlobs(newBlobs(before.stored, entries), object.oid, objects);
    const tree = await this.artifacts.putJson('tree', { commit: object.oid, entries });
    const commit = parseCommit(object.content);
    const writtenFor = cause !== null && commit.cause === cause ? cause : null;
    const changes = reportedChanges(changesBetween(before.entries, entries));
    const detectedAt = this.clock.now();

    const reported = await runInStory({ correlationId: randomUUID(), causationId: writtenFor }, () =>
      this.unitOfWork.run(async (tx) => {
        await lockInTransaction(tx.manager, 'source', source.name);
        const head = { ref, commit: object.oid, tree, detectedAt };
        if (!(await this.store.moveHead(tx.manager, source.name, previous?.commit ?? null, head))) return false;
        await tx.publish(commitDetected, {
          source: source.name,
          repository: source.remote.display,
          ref,
          commit: object.oid,
          previousCommit: previous?.commit ?? null,
          tree: { digest: tree, files: entries.length, bytes: entries.reduce((sum, { size }) => sum + size, 0) },
          changes,
          author: commit.author,
          committedAt: commit.committedAt,
          message: commit.message,
          trigger: trigger.kind,
          writtenFor,
          times: { receivedAt: trigger.receivedAt.toISOString(), detectedAt: detectedAt.toISOString() },
        });
        return true;
      }),
    );
    this.remember(tree, entries);
    return reported;
  }

  /**
   * What was reported last: its entries, and those of them whose blobs are surely in the artifact store. A store that
   * has lost the tree has lost the blobs as well, so they are all put again.
   */
  private async previousTree(
    source: Source,
    previous: Head | null,
  ): Promise<{ entries: readonly TreeEntry[]; stored: readonly TreeEntry[] }> {
    if (previous === null) return { entries: [], stored: [] };
    const known = this.trees.get(previous.tree);
    if (known !== undefined && (await this.artifacts.has('tree', previous.tree))) {
      return { entries: known, stored: known };
    }
    try {
      const { entries } = await this.artifacts.getJson('tree', previous.tree, treeSchema);
      return { entries, stored: entries };
    } catch (error) {
      const lost = error instanceof GitwayError && (error.kind === 'not-found' || error.slug === 'artifact-corrupt');
      if (!lost) throw error;
    }
    const entries = known ?? (await this.mirrors.listTree(source, previous.commit).catch(() => []));
    return { entries, stored: [] };
  }

  private async putBlobs(blobs: readonly TreeEntry[], commit: string, objects: ObjectReader): Promise<void> {
    const total = blobs.reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_COMMIT_BYTES) {
      throw new InvalidInputError(
        'commit-too-large',
        `The commit ${commit} brings ${total} bytes of YAML and JSON; at most ${MAX_COMMIT_BYTES} are read. Split it.`,
      );
    }
    for (let next = 0; next < blobs.length;) {
      const portion: Promise<{ oid: string; content: Buffer }>[] = [];
      for (let bytes = 0; next < blobs.length && (portion.length === 0 || bytes + blobs[next]!.size <= portionBytes);) {
        const { oid, size, path } = blobs[next++]!;
        bytes += size;
        portion.push(
          objects.read(oid, MAX_BLOB_BYTES).then((object) => {
            if (object === null) throw new InvalidInputError('blob-missing', `Git has no content for ${path}.`);
            return { oid, content: object.content };
          }),
        );
      }
      await this.artifacts.putBlobs(await Promise.all(portion));
    }
  }

  private remember(digest: string, entries: readonly TreeEntry[]): void {
    this.trees.delete(digest);
    this.trees.set(digest, entries);
    let total = [...this.trees.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [oldest, { length }] of this.trees) {
      if ((this.trees.size <= rememberedTrees && total <= rememberedEntries) || oldest === digest) break;
      this.trees.delete(oldest);
      total -= length;
    }
  }
}
