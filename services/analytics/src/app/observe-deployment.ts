import type { DataOf, deployed, EventEnvelope } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { JobQueues } from '@gitway/jobs';
import type { Commit } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { JudgementStore } from '../adapters/judgement-store.ts';
import { baselineOf } from '../domain/baseline.ts';
import { DEADLINE_GRACE_MS } from './judge-deployment.ts';

export const DEADLINE_QUEUE = 'verdict-deadlines';
export interface DeadlineJob {
  readonly environment: string;
}

const log = logger('judge');

/** Opens the judgement of a deployment that changed what is served. */
@Injectable()
export class ObserveDeployment {
  constructor(
    private readonly clock: Clock,
    private readonly judgements: JudgementStore,
    private readonly jobs: JobQueues,
  ) {}

  async run(event: EventEnvelope<DataOf<typeof deployed>>): Promise<Commit | void> {
    const { data } = event;
    if (data.previous?.snapshot === data.snapshot) return;
    const began =
      Math.max(...data.gateways.map(({ reportedAt }) => Date.parse(reportedAt)), 0) || Date.parse(event.time);
    const beganAt = new Date(began);
    const deadline = new Date(began + data.analysis.windowMs);
    await this.wakeAt(data.environment, data.deployment, deadline);
    return async ({ manager }) => {
      await this.judgements.lock(manager, data.environment);
      const observed = await this.judgements.openIn(manager, data.environment);
      const previous = data.previous?.snapshot ?? null;
      await this.judgements.open(
        manager,
        {
          deployment: data.deployment,
          environment: data.environment,
          commit: data.commit,
          snapshot: data.snapshot,
          ...baselineOf({ snapshot: data.snapshot, previous, beganAt }, observed),
          minRequests: data.analysis.minRequests,
          beganAt,
          deadline,
          eventId: event.id,
          correlationId: event.correlationId,
          traceparent: event.traceparent,
        },
        this.clock.now(),
      );
    };
  }

  /** The sweep finds a deadline as well, only later; so a job that cannot be stored is no failure. */
  private async wakeAt(environment: string, deployment: string, deadline: Date): Promise<void> {
    const delayMs = Math.max(0, deadline.getTime() - this.clock.now().getTime()) + DEADLINE_GRACE_MS;
    await this.jobs
      .queue<DeadlineJob>(DEADLINE_QUEUE)
      .add({ environment }, { jobId: deployment, delayMs, attempts: 5 })
      .catch((error: unknown) =>
        log.warn({ environment, error: messageOf(error) }, 'the deadline is left to the sweep'),
      );
  }
}
