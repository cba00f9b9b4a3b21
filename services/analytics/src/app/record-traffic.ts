import type { TrafficBatch } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { counter } from '@gitway/observability';
import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable } from '@nestjs/common';
import { RollupStore } from '../adapters/rollup-store.ts';
import type { AnalyticsConfig } from '../config.ts';
import { rollUp } from '../domain/rollup.ts';
import { JudgeDeployment } from './judge-deployment.ts';

/** Adds one batch of calls to the rollups, once, and lets the deployment under observation be judged on them. */
@Injectable()
export class RecordTraffic {
  private readonly calls = counter('gitway_calls_recorded_total', 'Call records added to the rollups');
  private readonly lost = counter('gitway_calls_lost_total', 'Call records that agents know to be lost');

  constructor(
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    private readonly clock: Clock,
    private readonly rollups: RollupStore,
    private readonly judge: JudgeDeployment,
  ) {}

  async run(batch: TrafficBatch): Promise<Commit> {
    const now = this.clock.now();
    const oldest = now.getTime() - this.config.GITWAY_SAMPLE_RETENTION;
    return async (tx) => {
      if (!(await this.rollups.recordBatch(tx.manager, batch, now))) return;
      // Rolled up inside, since merging with what is stored changes the sketches, and a transaction may be run again.
      await this.rollups.add(tx.manager, batch.environment, rollUp(batch, { now: now.getTime(), oldest }));
      await this.judge.within(tx, batch.environment, batch.snapshot);
      const attributes = { environment: batch.environment, gateway: batch.gateway };
      this.calls.add(batch.calls.length, attributes);
      if (batch.lost > 0) this.lost.add(batch.lost, attributes);
    };
  }
}
