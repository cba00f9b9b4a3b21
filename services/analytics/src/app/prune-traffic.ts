import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable } from '@nestjs/common';
import { JudgementStore } from '../adapters/judgement-store.ts';
import { RollupStore } from '../adapters/rollup-store.ts';
import type { AnalyticsConfig } from '../config.ts';

/** Pieces deleted per table and run, so that one run is short; the next one goes on. */
const MAX_PIECES = 20;

/** Deletes what is past its retention. */
@Injectable()
export class PruneTraffic {
  constructor(
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    private readonly clock: Clock,
    private readonly rollups: RollupStore,
    private readonly judgements: JudgementStore,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now().getTime();
    const usageFrom = new Date(now - this.config.GITWAY_USAGE_RETENTION);
    const samplesFrom = new Date(now - this.config.GITWAY_SAMPLE_RETENTION);
    await this.prune('traffic_usage', usageFrom);
    await this.prune('traffic_sample', samplesFrom);
    // A batch cannot come again once its calls are too old to be counted; a day more is for clocks that differ.
    await this.prune('traffic_batch', new Date(samplesFrom.getTime() - 86_400_000));
    await this.judgements.prune(usageFrom);
  }

  private async prune(table: Parameters<RollupStore['prune']>[0], before: Date): Promise<void> {
    for (let piece = 0; piece < MAX_PIECES; piece += 1) {
      if ((await this.rollups.prune(table, before)) === 0) return;
    }
  }
}
