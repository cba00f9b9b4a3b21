import { messageOf } from '@gitway/errors';
import { JobQueues } from '@gitway/jobs';
import { logger } from '@gitway/observability';
import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JudgementStore } from '../adapters/judgement-store.ts';
import { DEADLINE_GRACE_MS, JudgeDeployment } from '../app/judge-deployment.ts';
import { DEADLINE_QUEUE, type DeadlineJob } from '../app/observe-deployment.ts';
import { PruneTraffic } from '../app/prune-traffic.ts';
import { SummariseUsage } from '../app/summarise-usage.ts';
import type { AnalyticsConfig } from '../config.ts';

const PRUNE_INTERVAL_MS = 15 * 60_000;
const SCHEDULE_RETRY_MS = 1_000;
const log = logger('schedules');

/** Deadlines of verdicts, and the sweeps that find what a lost job would have woken. */
@Injectable()
export class Schedules implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    private readonly clock: Clock,
    private readonly jobs: JobQueues,
    private readonly judge: JudgeDeployment,
    private readonly judgements: JudgementStore,
    private readonly summarise: SummariseUsage,
    private readonly prune: PruneTraffic,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.queue<DeadlineJob>(DEADLINE_QUEUE).process(({ environment }) => this.judge.run(environment));
    this.jobs.queue('traffic-sweep').process(() => this.sweep());
    this.jobs.queue('traffic-prune').process(() => this.prune.run());
    this.schedule('traffic-sweep', this.config.GITWAY_SWEEP_INTERVAL);
    this.schedule('traffic-prune', PRUNE_INTERVAL_MS);
  }

  private async sweep(): Promise<void> {
    const due = new Date(this.clock.now().getTime() - DEADLINE_GRACE_MS);
    for (const environment of await this.judgements.environmentsDue(due)) {
      // One environment that cannot be judged keeps no other waiting.
      await this.judge
        .run(environment)
        .catch((error: unknown) => log.error({ environment, error: messageOf(error) }, 'a deployment was not judged'));
    }
    await this.summarise.run();
  }

  /** The store of jobs may be away when the service starts. */
  private schedule(name: string, intervalMs: number): void {
    this.jobs
      .queue(name)
      .every(name, intervalMs, {})
      .catch((error: unknown) => {
        log.warn({ schedule: name, error: messageOf(error) }, 'the schedule could not be stored yet; trying again');
        setTimeout(() => this.schedule(name, intervalMs), SCHEDULE_RETRY_MS).unref();
      });
  }
}
