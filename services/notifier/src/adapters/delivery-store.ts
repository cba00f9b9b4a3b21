import type { EventEnvelope } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface DeliveryRow {
  readonly id: string;
  readonly channel: string;
  readonly orderKey: string;
  readonly event: EventEnvelope;
  readonly attempts: number;
}

/**
 * What has to reach whom. `next_attempt_at` is at once the time of the next attempt and the lease of whoever is at one:
 * a process that dies in mid-attempt leaves a row that is due again.
 */
@Injectable()
export class DeliveryStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Null when this channel was given this event before. */
  async insert(manager: EntityManager, delivery: Omit<DeliveryRow, 'attempts'>, at: Date): Promise<string | null> {
    const rows: { id: string }[] = await manager.query(
      `INSERT INTO delivery (id, channel, order_key, event_id, event_type, event, state, next_attempt_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $7) ON CONFLICT (channel, event_id) DO NOTHING RETURNING id`,
      [
        delivery.id,
        delivery.channel,
        delivery.orderKey,
        delivery.event.id,
        delivery.event.type,
        JSON.stringify(delivery.event),
        at,
      ],
    );
    return rows[0]?.id ?? null;
  }

  /** Takes the delivery for one attempt; null when it has ended, is not due, or another one must come first. */
  async claim(id: string, now: Date, leaseMs: number): Promise<DeliveryRow | null> {
    const [rows]: [(Omit<DeliveryRow, 'event'> & { event: string })[], number] = await this.dataSource.query(
      `UPDATE delivery d SET attempts = attempts + 1, next_attempt_at = $3
       WHERE id = $1 AND state = 'pending' AND next_attempt_at <= $2 AND NOT EXISTS (
         SELECT 1 FROM delivery e
         WHERE e.channel = d.channel AND e.order_key = d.order_key AND e.state = 'pending' AND e.seq < d.seq)
       RETURNING id, channel, order_key AS "orderKey", event, attempts`,
      [id, now, new Date(now.getTime() + leaseMs)],
    );
    const [row] = rows;
    return row === undefined ? null : { ...row, event: JSON.parse(row.event) as EventEnvelope };
  }

  async markDelivered(id: string, at: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE delivery SET state = 'delivered', ended_at = $2, last_error = NULL WHERE id = $1 AND state = 'pending'`,
      [id, at],
    );
  }

  async markForRetry(id: string, error: string, nextAttemptAt: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE delivery SET last_error = $2, next_attempt_at = $3 WHERE id = $1 AND state = 'pending'`,
      [id, error, nextAttemptAt],
    );
  }

  async markFailed(manager: EntityManager, id: string, error: string, at: Date): Promise<boolean> {
    const [, updated]: [unknown, number] = await manager.query(
      `UPDATE delivery SET state = 'failed', last_error = $2, ended_at = $3 WHERE id = $1 AND state = 'pending'`,
      [id, error, at],
    );
    return updated === 1;
  }

  /** The one that waited for this one to end. */
  async nextAfter(delivery: Pick<DeliveryRow, 'channel' | 'orderKey'>): Promise<string | null> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT id FROM delivery WHERE channel = $1 AND order_key = $2 AND state = 'pending' ORDER BY seq LIMIT 1`,
      [delivery.channel, delivery.orderKey],
    );
    return rows[0]?.id ?? null;
  }

  /** Due, and first in their order. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT id FROM (
         SELECT DISTINCT ON (channel, order_key) id, next_attempt_at FROM delivery
         WHERE state = 'pending' ORDER BY channel, order_key, seq) AS heads
       WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2`,
      [now, limit],
    );
    return rows.map((row) => row.id);
  }
}
