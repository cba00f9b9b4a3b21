import { sourceFailed, sourceRecovered } from '@gitway/contracts';
import { GitwayError, messageOf, NotFoundError } from '@gitway/errors';
import { UnitOfWork } from '@gitway/messaging';
import { histogram, logger } from '@gitway/observability';
import { isDatabaseUnavailable } from '@gitway/persistence';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { Mirrors } from '../adapters/mirrors.ts';
import { type Head, SourceStore } from '../adapters/source-store.ts';
import { withoutCredentials } from '../domain/git-failure.ts';
import type { Source } from '../domain/source.ts';
import { ReportCommit, type Trigger } from './report-commit.ts';

/** A failure that may pass by itself is stated when it has come this often in a row; any other at once. */
const statedAfterFailures = 3;
const maxCommitBytes = 10 * 1024 * 1024;

const log = logger('sync');
const duration = histogram('gitway_source_sync_seconds', 'Reading a source, from the ask to the last commit reported');

/** Brings one source up to date: asks the repository, reports every followed branch whose head is new. */
@Injectable()
export class SyncSource {
  constructor(
    private readonly mirrors: Mirrors,
    private readonly store: SourceStore,
    private readonly reportCommit: ReportCommit,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Never throws for a fault of the repository: that is noted, and stated once per streak.
   * @returns failures in a row, 0 for none
   */
  async run(source: Source, trigger: Trigger): Promise<number> {
    const start = performance.now();
    try {
      await this.mirrors.inTurn(source, () => this.read(source, trigger));
    } catch (error) {
      const stopped = error instanceof GitwayError && error.slug === 'git-stopped';
      if (stopped || isDatabaseUnavailable(error)) throw error;
      const failures = await this.noteFailure(source, error);
      // The server is well: somebody may push the branch at any time, so there is no reason to ask less often.
      return error instanceof GitwayError && error.slug === 'branch-not-found' ? 0 : failures;
    }
    duration.record((performance.now() - start) / 1000, { trigger: trigger.kind });
    await this.noteSuccess(source, trigger);
    return 0;
  }

  private async read(source: Source, trigger: Trigger): Promise<void> {
    const heads = await this.store.heads(source.name);
    if (trigger.kind === 'poll') {
      const remote = await this.mirrors.listRemote(source, source.refs);
      if (differs(source, heads, remote)) await this.fetchAndReport(source, heads, trigger);
      await this.refuseUnknownBranches(source, heads, remote);
      return;
    }
    await this.fetchAndReport(source, heads, trigger);
  }

  private async fetchAndReport(source: Source, heads: ReadonlyMap<string, Head>, trigger: Trigger): Promise<void> {
    await this.mirrors.fetch(source, source.refs);
    try {
      await this.reportNew(source, heads, trigger);
    } catch (error) {
      if (!(error instanceof GitwayError) || error.slug !== 'mirror-corrupt') throw error;
      await this.mirrors.rebuild(source, source.refs, error);
      await this.reportNew(source, await this.store.heads(source.name), trigger);
    }
  }

  /**
   * Branches that never were, none of a source's, in a repository that has others, are a slip of the pen: they would be
   * watched for ever. One that was there and is gone, or a repository that is still empty, is not.
   */
  private async refuseUnknownBranches(
    source: Source,
    heads: ReadonlyMap<string, Head>,
    remote: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (source.refs.some((ref) => heads.has(ref) || remote.has(ref))) return;
    const branches = await this.mirrors.listBranches(source);
    const isThere = (ref: string) => branches.includes(ref);
    if (branches.length === 0 || source.refs.some(isThere)) return;
    const names = (refs: readonly string[]) => refs.map((ref) => ref.replace('refs/heads/', '')).join(', ');
    throw new NotFoundError(
      'branch-not-found',
      `the repository has no branch ${names(source.refs)}; it has ${names(branches.slice(0, 20))}. Correct the source's branches, or push it.`,
    );
  }

  private async reportNew(source: Source, heads: ReadonlyMap<string, Head>, trigger: Trigger): Promise<void> {
    const objects = this.mirrors.objects(source);
    try {
      const found = await Promise.all(source.refs.map((ref) => objects.read(ref, maxCommitBytes)));
      for (const [index, ref] of source.refs.entries()) {
        const object = found[index] ?? null;
        const head = heads.get(ref) ?? null;
        if (object === null) {
          if (head?.present === true) await this.noteGone(source, ref);
        } else if (object.oid !== head?.commit) {
          const reported = await this.reportCommit.run(source, ref, object, head, objects, trigger);
          if (reported) log.info({ source: source.name, ref, commit: object.oid, trigger: trigger.kind }, 'detected');
        } else if (!head.present) {
          await this.store.markPresence(source.name, ref, true);
        }
      }
    } finally {
      objects.close();
    }
  }

  private async noteGone(source: Source, ref: string): Promise<void> {
    await this.store.markPresence(source.name, ref, false);
    log.warn({ source: source.name, ref }, 'the branch is gone at the server; what was deployed from it stays');
  }

  private async noteSuccess(source: Source, trigger: Trigger): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const failures = await this.store.noteSuccess(tx.manager, source.name, trigger.kind, this.clock.now());
      if (failures === 0) return;
      await tx.publish(sourceRecovered, { source: source.name, repository: source.remote.display, failures });
    });
  }

  private async noteFailure(source: Source, error: unknown): Promise<number> {
    const reason = withoutCredentials(messageOf(error)).slice(0, 1000);
    log.warn({ source: source.name, err: error }, 'the source cannot be read');
    const passing = error instanceof GitwayError && error.kind === 'transient';
    return this.unitOfWork.run(async (tx) => {
      const stateFrom = passing ? statedAfterFailures : 1;
      const { failures, state } = await this.store.noteFailure(tx.manager, source.name, reason, stateFrom);
      if (state) {
        await tx.publish(sourceFailed, {
          source: source.name,
          repository: source.remote.display,
          reason,
          failures,
        });
      }
      return failures;
    });
  }
}

/** The cheap question of a poll: is any branch elsewhere than where it was reported? */
function differs(source: Source, heads: ReadonlyMap<string, Head>, remote: ReadonlyMap<string, string>): boolean {
  return source.refs.some((ref) => {
    const head = heads.get(ref);
    return remote.get(ref) !== (head?.present === true ? head.commit : undefined);
  });
}
