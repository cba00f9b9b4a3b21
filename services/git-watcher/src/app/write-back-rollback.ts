import { type DataOf, revertCommitted, rolledBack, writeBackFailed } from '@gitway/contracts';
import { GitwayError, messageOf } from '@gitway/errors';
import type { Commit } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { Mirrors } from '../adapters/mirrors.ts';
import { RevertWriter } from '../adapters/revert-writer.ts';
import { SourceStore } from '../adapters/source-store.ts';
import { withoutCredentials } from '../domain/git-failure.ts';
import { revertMessage } from '../domain/revert-message.ts';
import type { Source } from '../domain/source.ts';
import { SourceRegistry } from '../domain/source-registry.ts';

type RolledBack = DataOf<typeof rolledBack>;

/** How often it is tried anew when somebody else's push was faster. */
const maxAttempts = 6;
const log = logger('write-back');

/**
 * Makes Git say what the environment runs after a rollback: a revert commit on the branch, pushed without force. All
 * network work is done here, before the transaction; doing it twice changes nothing, since the commit carries its cause.
 */
@Injectable()
export class WriteBackRollback {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly mirrors: Mirrors,
    private readonly writer: RevertWriter,
    private readonly store: SourceStore,
    private readonly clock: Clock,
  ) {}

  /** @throws TransientError when the server is away: the event is delivered again. */
  async run(data: RolledBack, eventId: string): Promise<Commit> {
    const about = { source: data.source, environment: data.environment, ref: data.ref };
    const revision = { reverted: data.from.commit, restored: data.to.commit };
    const source = this.registry.find(data.source);
    try {
      if (source === undefined)
        throw new GitwayError('not-found', 'unknown-source', 'The source is not followed any more.');
      const commit = await this.mirrors.inTurn(source, () => this.revert(source, data, eventId));
      log.info({ ...about, ...revision, commit }, 'a rollback is written back');
      return async (tx) => void (await tx.publish(revertCommitted, { ...about, ...revision, commit }));
    } catch (error) {
      if (!(error instanceof GitwayError) || error.kind === 'transient') throw error;
      log.warn({ ...about, ...revision, err: error }, 'a rollback could not be written back');
      const reason = withoutCredentials(messageOf(error)).slice(0, 2000);
      return async (tx) => void (await tx.publish(writeBackFailed, { ...about, ...revision, reason }));
    }
  }

  /** @returns the commit that holds the good content; `from` itself when the branch does not hold the bad one. */
  private async revert(source: Source, data: RolledBack, eventId: string): Promise<string> {
    const { ref, from, to } = data;
    if (from.commit === to.commit) {
      throw new GitwayError(
        'conflict',
        'nothing-to-revert',
        'Both snapshots were made from this one commit, so a revert would change nothing: the difference lies outside Git.',
      );
    }
    if (!source.refs.includes(ref)) {
      throw new GitwayError('not-found', 'ref-not-followed', `The source does not follow ${ref} any more.`);
    }
    for (let attempt = 1; ; attempt++) {
      await this.mirrors.fetch(source, source.refs);
      for (const commit of [from.commit, to.commit]) await this.writer.ensureCommit(source, commit);
      const state = await this.writer.stateOf(source, ref, from.commit, eventId);
      if (state.kind === 'written') return state.commit;
      if (state.kind === 'not-held') return from.commit;

      const tree = await this.writer.revertedTree(source, state.head, from.commit, to.commit);
      if (tree === state.tree) return from.commit;
      const message = revertMessage({
        subject: state.subject,
        environment: data.environment,
        reverted: from.commit,
        restored: to.commit,
        reason: data.reason,
        detail: data.detail,
        cause: eventId,
      });
      const commit = await this.writer.commit(source, tree, state.head, message, this.clock.now());
      await this.store.noteOwnCommit(commit, source.name, eventId, this.clock.now());
      try {
        await this.mirrors.push(source, commit, ref);
        return commit;
      } catch (error) {
        const outrun = error instanceof GitwayError && error.slug === 'push-outrun';
        if (!outrun || attempt === maxAttempts) throw error;
      }
    }
  }
}
