import { messageOf } from '@gitway/errors';
import { JobQueues } from '@gitway/jobs';
import { logger } from '@gitway/observability';
import { Injectable } from '@nestjs/common';

export const DELIVERY_QUEUE = 'deliveries';
export interface DeliveryJob {
  readonly delivery: string;
}

const log = logger('deliveries');

/** Has a delivery looked at later. A wake-up that cannot be stored is left to the sweep. */
@Injectable()
export class WakeDeliveries {
  constructor(private readonly jobs: JobQueues) {}

  /** @param attempt which attempt has been made: two wake-ups for the same one are one. */
  async run(delivery: string, attempt: number, delayMs: number): Promise<void> {
    try {
      await this.jobs
        .queue<DeliveryJob>(DELIVERY_QUEUE)
        .add({ delivery }, { jobId: `${delivery}/${attempt}`, delayMs });
    } catch (error) {
      log.warn({ delivery, error: messageOf(error) }, 'a delivery is left to the sweep');
    }
  }
}
