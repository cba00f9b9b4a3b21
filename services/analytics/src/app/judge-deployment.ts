import { trafficJudged } from '@gitway/contracts';
import { type Tx, UnitOfWork } from '@gitway/messaging';
import { logger, runInStory, withSpan } from '@gitway/observability';
import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable } from '@nestjs/common';
import { JudgementStore, type OpenJudgement } from '../adapters/judgement-store.ts';
import { RollupStore } from '../adapters/rollup-store.ts';
import type { AnalyticsConfig } from '../config.ts';
import { judge, standardThresholds } from '../domain/judge.ts';
import { SAMPLE_MS } from '../domain/rollup.ts';
import { lostRecords, verdictLists, wordsOf } from '../domain/verdict.ts';

const log = logger('judge');

/** What agents still have in hand when the window ends. */
export const DEADLINE_GRACE_MS = 2_000;

/** Looks at the traffic of the deployment under observation and states the verdict once there is one. */
@Injectable()
export class JudgeDeployment {
  constructor(
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
    private readonly judgements: JudgementStore,
    private readonly rollups: RollupStore,
  ) {}

  /** In a transaction of its own; for deadlines. */
  async run(environment: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await this.judgements.lock(tx.manager, environment);
      await this.within(tx, environment);
    });
  }

  /** Within the transaction of whoever holds the environment's lock. `snapshot`: only if that is what is observed. */
  async within(tx: Tx, environment: string, snapshot?: string | null): Promise<void> {
    const judgement = await this.judgements.openIn(tx.manager, environment);
    if (judgement === null) return;
    if (snapshot !== undefined && judgement.snapshot !== snapshot) return;
    await runInStory({ correlationId: judgement.correlationId, causationId: judgement.eventId }, () =>
      withSpan('judge deployment', () => this.decide(tx, judgement), { traceparent: judgement.traceparent }),
    );
  }

  private async decide(tx: Tx, judgement: OpenJudgement): Promise<void> {
    const now = this.clock.now();
    const { manager } = tx;
    const { environment, beganAt, deadline } = judgement;
    const from = bucketOf(beganAt);
    const after = await this.rollups.trafficOf(manager, environment, judgement.snapshot, from, deadline);
    const baselineFrom = bucketOf(new Date(judgement.baselineUntil.getTime() - this.config.GITWAY_BASELINE_WINDOW));
    // Connections that were open at the switch end under the revision before, so the baseline has no upper bound.
    const before =
      judgement.baseline === null
        ? []
        : await this.rollups.trafficOf(manager, environment, judgement.baseline, baselineFrom, deadline);
    const final = now.getTime() >= deadline.getTime() + DEADLINE_GRACE_MS;
    const thresholds = { ...standardThresholds, minRequests: judgement.minRequests };
    const { outcome, evidence } = judge(after, before, thresholds, final);
    if (outcome === null) return;
    if (!(await this.judgements.closeWith(manager, judgement.deployment, outcome, now))) return;
    const lost = await this.rollups.lostSince(manager, environment, beganAt);
    await tx.publish(trafficJudged, {
      environment,
      deployment: judgement.deployment,
      commit: judgement.commit,
      snapshot: judgement.snapshot,
      baseline: judgement.baseline,
      outcome,
      from: beganAt.toISOString(),
      to: (now < deadline ? now : deadline).toISOString(),
      ...verdictLists(after, before, [...evidence.slice(0, 49), ...lostRecords(lost)]),
    });
    log.info({ environment, deployment: judgement.deployment, outcome }, wordsOf(outcome, evidence));
  }
}

/** Rollups know time in buckets only; the first one may begin a little before the deployment. */
const bucketOf = (at: Date): Date => new Date(at.getTime() - (at.getTime() % SAMPLE_MS));
