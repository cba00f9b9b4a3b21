import {
  commitRejected,
  commitValidated,
  type EventEnvelope,
  type Snapshot,
  snapshotSchema,
  treeSchema,
} from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import type { ArtifactStore, Commit } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import type { Clock } from '@gitway/service';
import type { ArtifactWriter } from '../adapters/artifact-writer.ts';
import type { CatalogueStore } from '../adapters/catalogue-store.ts';
import type { CommitStore } from '../adapters/commit-store.ts';
import type { LiveHistory } from '../adapters/live-history.ts';
import { branchOf, type Detected, judge, outcomesOf, reportOf } from '../domain/judgement.ts';
import { apisOf, validatedMove } from '../domain/catalogue.ts';
import type { CompileCommit } from './compile-commit.ts';
import type { JudgeOwnership } from './judge-ownership.ts';
import type { JudgeRuleChange } from './judge-rule-change.ts';
import type { PlanCommit } from './plan-commit.ts';

const log = logger('validate-commit');
const REMEMBERED_SNAPSHOTS = 64;

/** Judges a commit: compiles it, stores what came out, and states for each environment whether it may be deployed. */
export class ValidateCommit {
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(
    private readonly compile: CompileCommit,
    private readonly writer: ArtifactWriter,
    private readonly store: CommitStore,
    private readonly catalogue: CatalogueStore,
    private readonly artifacts: ArtifactStore,
    private readonly clock: Clock,
    private readonly plan: PlanCommit,
    private readonly ruleChange: JudgeRuleChange,
    private readonly ownership: JudgeOwnership,
    private readonly history: LiveHistory,
  ) {}

  async run({ id, time, data: detected }: EventEnvelope<Detected>): Promise<Commit> {
    const started = performance.now();
    const tree = await this.artifacts.getJson('tree', detected.tree.digest, treeSchema);
    const fetched = performance.now();
    const compiledNow = await this.compile.run(
      tree,
      detected.source,
      branchOf(detected.ref),
      detected.writtenFor !== null,
    );
    const owner = { source: detected.source, ref: detected.ref };
    const owned = await this.ownership.run(compiledNow, owner);
    const { result, remember } = await this.ruleChange.run(owned.result, detected.source);
    const compiled = performance.now();

    const good = result.environments.flatMap(({ snapshot, digest, units, accepted }) =>
      snapshot === null || digest === null ? [] : [{ snapshot, digest, units, accepted }],
    );
    const planning = this.plan.run(good);
    const [plans, report, before] = await Promise.all([
      planning,
      planning.then((made) => this.writer.putReport(reportOf(detected, result, made))),
      this.snapshotsBefore(result.environments.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name)),
      // Before anything states a document: what it was made from is what later ones are compared with.
      this.writer.putCopies(result).then((documents) => this.history.putDocuments(documents, this.clock.now())),
      ...good.map(async ({ snapshot, digest, units }) => {
        await this.writer.putUnits(units);
        await this.writer.putSnapshot(snapshot, digest);
      }),
    ]);
    for (const { snapshot, digest } of good) this.remember(digest, snapshot);

    const validatedAt = this.clock.now();
    const durationMs = performance.now() - started;
    const judgement = judge(detected, result, report, before, validatedAt.toISOString());
    const orderedAt = new Date(detected.times.detectedAt ?? time);
    const { source, ref, commit, author, message } = detected;
    log.info(
      {
        source,
        ref,
        commit,
        ...result.counts,
        ran: result.runs,
        fetchMs: Math.round(fetched - started),
        compileMs: Math.round(compiled - fetched),
        storeMs: Math.round(performance.now() - compiled),
      },
      judgement.rejected === null ? 'validated' : 'rejected',
    );
    return async (tx) => {
      const isNewest = await this.store.record(tx.manager, {
        eventId: id,
        source,
        ref,
        commit,
        author,
        message,
        orderedAt,
        validatedAt,
        durationMs,
        counts: result.counts,
        report,
        environments: outcomesOf(result, plans),
        tree: detected.tree.digest,
      });
      if (!isNewest) return;
      await owned.take(tx);
      await remember(tx);
      // By name: two commits then never wait for each other in a circle.
      for (const each of good.toSorted((a, b) => (a.snapshot.environment < b.snapshot.environment ? -1 : 1))) {
        const move = validatedMove(detected, each, validatedAt);
        await this.catalogue.moveValidated(tx.manager, { ...move, apisOf: (digest) => this.knownApis(digest) });
      }
      for (const { environment, snapshot, data } of judgement.validated) {
        await this.store.rememberValidated(tx.manager, { environment, snapshot, source, orderedAt });
        await tx.publish(commitValidated, data);
      }
      if (judgement.rejected !== null) await tx.publish(commitRejected, judgement.rejected);
    };
  }

  private knownApis(digest: string) {
    const snapshot = this.snapshots.get(digest);
    return snapshot === undefined ? undefined : apisOf(snapshot);
  }

  private async snapshotsBefore(environments: readonly string[]): Promise<Map<string, Snapshot>> {
    const digests = await this.store.lastValidated(environments);
    const found = new Map<string, Snapshot>();
    for (const [environment, digest] of digests) {
      const snapshot = this.snapshots.get(digest) ?? (await this.load(digest));
      if (snapshot !== null) found.set(environment, snapshot);
    }
    return found;
  }

  /** Null where the store has lost it: everything then counts as added, which is what it is to that store. */
  private async load(digest: string): Promise<Snapshot | null> {
    try {
      const snapshot = await this.artifacts.getJson('snapshot', digest, snapshotSchema);
      this.remember(digest, snapshot);
      return snapshot;
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  private remember(digest: string, snapshot: Snapshot): void {
    this.snapshots.delete(digest);
    this.snapshots.set(digest, snapshot);
    for (const oldest of this.snapshots.keys()) {
      if (this.snapshots.size <= REMEMBERED_SNAPSHOTS) break;
      this.snapshots.delete(oldest);
    }
  }
}
