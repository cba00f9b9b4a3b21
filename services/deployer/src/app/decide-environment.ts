import { currentStory, logger, runInStory, withSpan } from '@gitway/observability';
import { afterCommit, lockInTransaction } from '@gitway/persistence';
import { type Commit, type Tx, UnitOfWork } from '@gitway/messaging';
import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Changes } from '../adapters/entities.ts';
import {
  type Beside,
  loadEnvironment,
  loadStandings,
  type Named,
  saveEnvironment,
} from '../adapters/environment-store.ts';
import { type DeployerConfig, limitsOf } from '../config.ts';
import { decide } from '../domain/decide.ts';
import type { Input, Outcome } from '../domain/decision.ts';
import { isCandidate, type EnvironmentState } from '../domain/state.ts';
import { GatewayBook } from './gateway-book.ts';
import { publishFacts } from './publish-facts.ts';
import { SnapshotReader } from './snapshot-reader.ts';

/** One thing for an environment to decide on, and what is kept beside the decision. */
export interface Question {
  readonly environment: string;
  readonly input: Input;
  readonly named?: Named;
  readonly beside?: Beside;
  readonly approvalReason?: string;
}

/** Told after a decision was committed. */
export type Listener = (environment: string, outcome: Outcome) => void;

const log = logger('decisions');

/** Runs the pure decision where it counts: under the environment's lock, with its effects in one transaction. */
@Injectable()
export class DecideEnvironment {
  private readonly listeners: Listener[] = [];
  /** The snapshot that was live when this replica looked last: a hint, never a reason. */
  private readonly live = new Map<string, string>();
  private readonly looking = new Map<string, { again: boolean; done: Promise<void> }>();

  constructor(
    @Inject(CONFIG) private readonly config: DeployerConfig,
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly book: GatewayBook,
    private readonly snapshots: SnapshotReader,
  ) {}

  onDecided(listener: Listener): void {
    this.listeners.push(listener);
  }

  /**
   * For a handler: reads what the decision will want to compare, while the network is still allowed, and returns what
   * to write. Where it is not known what runs, it finds out by deciding once without the lock.
   */
  async prepare(question: Question): Promise<Commit> {
    const { environment, input } = question;
    const live = this.live.get(environment);
    if (live !== undefined && input.kind === 'candidate') await this.snapshots.warm([live, input.snapshot]);
    else await this.warm((await this.weigh(this.dataSource.manager, question)).outcome);
    return async (tx) => void (await this.commit(tx, question));
  }

  /**
   * Looks whether an environment can move. Calls that come while one is under way are answered by one more look.
   * Never throws: what could not be done now is found again by the sweep.
   */
  async look(environment: string): Promise<void> {
    const running = this.looking.get(environment);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const entry = { again: false, done: Promise.resolve() };
    this.looking.set(environment, entry);
    entry.done = (async () => {
      try {
        do {
          entry.again = false;
          await this.lookOnce(environment);
        } while (entry.again);
      } catch (error) {
        log.warn({ err: error, environment }, 'could not look at the environment; the sweep will');
      } finally {
        this.looking.delete(environment);
      }
    })();
    return entry.done;
  }

  /** Decides at once, in a transaction and story of its own. */
  async decideNow(question: Question): Promise<void> {
    const story = await this.storyOf(question.environment);
    await runInStory(story, () =>
      withSpan(`decide ${question.input.kind}`, () => this.attempt(question), { traceparent: story.traceparent }),
    );
  }

  private lookOnce(environment: string): Promise<void> {
    return this.decideNow({ environment, input: { kind: 'look' } });
  }

  /** Decides; where a snapshot is missing that tells what changes, it is read outside the transaction and all begins anew. */
  private async attempt(question: Question): Promise<void> {
    for (let isSecond = false; ; isSecond = true) {
      const missing = await this.unitOfWork
        .run(async (tx) => {
          const { outcome } = await this.commit(tx, question, !isSecond);
          return outcome;
        })
        .then(
          () => null,
          (error: unknown) => {
            if (error instanceof SnapshotsMissing) return error;
            throw error;
          },
        );
      if (missing === null) return;
      await this.warm(missing.outcome);
    }
  }

  private async commit(tx: Tx, question: Question, mayBeginAnew = false): Promise<{ outcome: Outcome }> {
    const { manager } = tx;
    const { environment, beside, approvalReason } = question;
    await lockInTransaction(manager, 'environment', environment);
    const { before, outcome, now } = await this.weigh(manager, question);
    for (const note of outcome.notes) log.warn({ environment }, note);
    if (!outcome.changed) {
      await publishFacts(tx, outcome.facts);
      return { outcome };
    }
    const changes = this.changesOf(outcome);
    if (mayBeginAnew && changes === null) throw new SnapshotsMissing(outcome);
    await saveEnvironment(manager, {
      before,
      after: outcome.state,
      facts: outcome.facts,
      wakeAt: outcome.wakeAt,
      now,
      beside,
      approvalReason,
      changes: changes ?? new Map<string, Changes>(),
    });
    await publishFacts(tx, outcome.facts);
    afterCommit(manager, () => {
      for (const listener of this.listeners) listener(environment, outcome);
    });
    return { outcome };
  }

  private async weigh(manager: EntityManager, { environment, input, named }: Question) {
    const before = await loadEnvironment(manager, environment, named);
    const parentStanding = await loadStandings(manager, promotions(before, input));
    const now = this.clock.now();
    const outcome = decide(before, input, {
      now: now.getTime(),
      limits: limitsOf(this.config),
      observations: this.book.observationsOf(environment),
      parentStanding,
    });
    const live = outcome.state.deployments.find(({ phase }) => phase.kind === 'live');
    if (live !== undefined) this.live.set(environment, live.snapshot);
    return { before, outcome, now };
  }

  private async warm(outcome: Outcome): Promise<void> {
    const snapshots = planned(outcome).flatMap(({ data }) => [data.previous?.snapshot ?? null, data.snapshot]);
    await this.snapshots.warm(snapshots);
  }

  /** By deployment, what is put into a plan or into nothing at all; null where a snapshot was not read yet. */
  private changesOf(outcome: Outcome): Map<string, Changes> | null {
    const found = new Map<string, Changes>();
    for (const { deployment, data } of planned(outcome)) {
      const changes = this.snapshots.changes(data.previous?.snapshot ?? null, data.snapshot);
      if (changes === undefined) return null;
      found.set(deployment, changes);
    }
    for (const fact of outcome.facts) {
      if (fact.kind === 'deployed' && fact.data.previous?.snapshot === fact.data.snapshot) {
        found.set(fact.deployment, { total: 0, units: [] });
      }
    }
    return found;
  }

  /** What happens without a message of its own (a report, a timer) continues the story of what is under way. */
  private async storyOf(environment: string) {
    const current = currentStory();
    if (current !== undefined) return { ...current, traceparent: undefined };
    const rows: StoryRow[] = await this.dataSource.query(
      `SELECT correlation_id, causation_id, traceparent FROM deployments
        WHERE environment = $1 AND state IN ('applying', 'waiting', 'awaiting-approval', 'live', 'failed')
        ORDER BY array_position(ARRAY['applying', 'waiting', 'awaiting-approval', 'live', 'failed'], state), seq DESC LIMIT 1`,
      [environment],
    );
    const row = rows[0];
    return {
      correlationId: row?.correlation_id ?? environment,
      causationId: row?.causation_id ?? null,
      traceparent: row?.traceparent,
    };
  }
}

interface StoryRow {
  correlation_id: string;
  causation_id: string | null;
  traceparent: string | null;
}

class SnapshotsMissing extends Error {
  constructor(readonly outcome: Outcome) {
    super('snapshots have to be read first');
  }
}

const planned = ({ facts }: Outcome) => facts.filter((fact) => fact.kind === 'deployment-planned');

/** Commits whose standing in the parent environment the decision may ask for. */
function promotions(state: EnvironmentState, input: Input): { environment: string; commit: string }[] {
  const candidates = state.deployments.filter(isCandidate);
  // What is live has a say in the gate, and what is being applied may be live before a candidate is looked at.
  const holders = state.deployments.filter(({ phase }) => phase.kind === 'live' || phase.kind === 'applying');
  return [...candidates, ...(input.kind === 'candidate' ? [input] : [])].flatMap(({ settings, commit }) =>
    [...new Set([settings, ...holders.map((holder) => holder.settings)].map(({ promoteFrom }) => promoteFrom))].flatMap(
      (environment) => (environment === null ? [] : [{ environment, commit }]),
    ),
  );
}
