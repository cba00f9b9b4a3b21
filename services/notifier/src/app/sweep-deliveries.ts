import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryStore } from '../adapters/delivery-store.ts';
import { WakeDeliveries } from './wake-deliveries.ts';

const PER_SWEEP = 500;
const PER_PRUNE = 5_000;

/** Finds deliveries that are due and that nothing has woken. */
@Injectable()
export class SweepDeliveries {
  constructor(
    private readonly clock: Clock,
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveryStore,
    private readonly wake: WakeDeliveries,
  ) {}

  async run(): Promise<void> {
    for (const id of await this.deliveries.due(this.clock.now(), PER_SWEEP)) await this.wake.run(id, 0, 0);
  }

  /** Deletes what is over and older than its retention, a bounded piece at a time. */
  async prune(retentionMs: number): Promise<void> {
    const before = new Date(this.clock.now().getTime() - retentionMs);
    for (const [table, condition] of [
      ['delivery', `state <> 'pending' AND ended_at < $1`],
      ['incident', `state = 'resolved' AND resolved_at < $1`],
    ] as const) {
      await this.dataSource.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${PER_PRUNE}))`,
        [before],
      );
    }
  }
}
