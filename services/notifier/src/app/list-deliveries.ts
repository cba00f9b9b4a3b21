import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface DeliveryView {
  readonly delivery: string;
  readonly channel: string;
  readonly event: { readonly id: string; readonly type: string };
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Why the last attempt failed; null when it did not. */
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly endedAt: string | null;
}

interface Row {
  id: string;
  channel: string;
  event_id: string;
  type: string;
  state: DeliveryView['state'];
  attempts: number;
  last_error: string | null;
  created_at: Date;
  next_attempt_at: Date;
  ended_at: Date | null;
}

@Injectable()
export class ListDeliveries {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async run(limit: number): Promise<{ items: DeliveryView[] }> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT id, channel, event_id, event_type AS type, state, attempts, last_error, created_at, next_attempt_at, ended_at
       FROM delivery ORDER BY seq DESC LIMIT $1`,
      [limit],
    );
    return {
      items: rows.map((row) => ({
        delivery: row.id,
        channel: row.channel,
        event: { id: row.event_id, type: row.type },
        state: row.state,
        attempts: row.attempts,
        lastError: row.last_error,
        createdAt: row.created_at.toISOString(),
        nextAttemptAt: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
        endedAt: row.ended_at?.toISOString() ?? null,
      })),
    };
  }
}
