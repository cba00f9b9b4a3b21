import { messageOf } from '@gitway/errors';
import { JobQueues } from '@gitway/jobs';
import { logger } from '@gitway/observability';
import { CONFIG } from '@gitway/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DeliverNotification } from '../app/deliver-notification.ts';
import { SweepDeliveries } from '../app/sweep-deliveries.ts';
import { DELIVERY_QUEUE, type DeliveryJob } from '../app/wake-deliveries.ts';
import type { NotifierConfig } from '../config.ts';

const PRUNE_INTERVAL_MS = 3_600_000;
const SCHEDULE_RETRY_MS = 1_000;
/** A slow receiver holds one of these; the others go on. */
const CONCURRENCY = 8;
const log = logger('schedules');

/** Attempts to deliver, and the sweeps that find what a lost job would have woken. */
@Injectable()
export class Schedules implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: NotifierConfig,
    private readonly jobs: JobQueues,
    private readonly deliver: DeliverNotification,
    private readonly sweep: SweepDeliveries,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs
      .queue<DeliveryJob>(DELIVERY_QUEUE)
      .process(({ delivery }) => this.deliver.run(delivery), { concurrency: CONCURRENCY });
    this.jobs.queue('delivery-sweep').process(() => this.sweep.run());
    this.jobs.queue('history-prune').process(() => this.sweep.prune(this.config.GITWAY_HISTORY_RETENTION));
    this.schedule('delivery-sweep', this.config.GITWAY_SWEEP_INTERVAL);
    this.schedule('history-prune', PRUNE_INTERVAL_MS);
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
