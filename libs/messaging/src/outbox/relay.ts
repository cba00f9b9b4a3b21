import { Client } from 'pg';
import { counter, histogram, logger } from '@gitway/observability';
import { lockNumber } from '@gitway/persistence';
import type { MessageBus } from '../bus/message-bus.ts';
import { encodeEvent } from '../envelope/codec.ts';
import { isInfrastructureAway } from '../dispatch/retry-policy.ts';
import { OUTBOX_CHANNEL } from './unit-of-work.ts';

interface OutboxRow {
  seq: string;
  id: string;
  type: string;
  source: string;
  subject: string;
  time: Date;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string | null;
  data: string;
  attempts: number;
}

export interface RelayOptions {
  readonly databaseUrl: string;
  readonly bus: MessageBus;
  /** Looks again after this long even when no notification came. Default 1000. */
  readonly pollMs?: number;
  /** A row that NATS refuses this often (not: cannot be reached) is set aside. Default 20. */
  readonly maxAttempts?: number;
  /** Called after each turn of the loop, so that liveness can follow it. */
  readonly onProgress?: () => void;
}

const BATCH = 200;
const log = logger('outbox');

/**
 * Brings facts from the outbox to NATS, oldest first. One replica of a service does so at a time (a session lock),
 * so that order is kept; another takes over when its connection ends. A crash between the publish and the delete
 * publishes again under the same id, which the stream drops.
 */
export class OutboxRelay {
  private stopped = false;
  private client: Client | null = null;
  private wake: () => void = () => {};
  private nudged = false;
  private loop: Promise<void> = Promise.resolve();
  private readonly published = counter('gitway_outbox_published_total', 'Facts brought from the outbox to NATS');
  private readonly lag = histogram('gitway_outbox_lag_seconds', 'From the fact being stated to NATS having stored it');

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.nudge();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        this.client ??= await this.connect();
        const leads = await this.lead(this.client);
        while (!this.stopped && leads && (await this.drain(this.client)) === BATCH);
      } catch (error) {
        log.warn({ err: error }, 'the outbox cannot be relayed now; trying again');
        await this.disconnect();
      }
      this.options.onProgress?.();
      await this.pause(this.client === null ? 500 : (this.options.pollMs ?? 1000));
    }
    await this.disconnect();
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('notification', () => this.nudge());
    client.on('error', () => {
      if (this.client === client) this.client = null;
      this.nudge();
    });
    await client.connect();
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
    this.leading = false;
    return client;
  }

  private leading = false;

  private async lead(client: Client): Promise<boolean> {
    if (this.leading) return true;
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS locked', [
      lockNumber('outbox-relay'),
    ]);
    this.leading = rows[0]?.locked ?? false;
    return this.leading;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = null;
    this.leading = false;
    await client?.end().catch(() => {});
  }

  /** @returns how many rows were there */
  private async drain(client: Client): Promise<number> {
    const { rows } = await client.query<OutboxRow>(
      'SELECT * FROM outbox WHERE failed_at IS NULL ORDER BY seq LIMIT $1',
      [BATCH],
    );
    const byScope = new Map<string, OutboxRow[]>();
    for (const row of rows) {
      const scope = scopeOf(row.subject);
      byScope.set(scope, [...(byScope.get(scope) ?? []), row]);
    }
    const done: string[] = [];
    const outcomes = await Promise.allSettled(
      [...byScope.values()].map(async (sameScope) => {
        for (const row of sameScope) {
          await this.publish(client, row);
          done.push(row.seq);
        }
      }),
    );
    if (done.length > 0) await client.query('DELETE FROM outbox WHERE seq = ANY($1::bigint[])', [done]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return rows.length;
  }

  private async publish(client: Client, row: OutboxRow): Promise<void> {
    try {
      await this.options.bus.publish(
        encodeEvent({
          id: row.id,
          type: row.type,
          source: row.source,
          subject: row.subject,
          time: row.time.toISOString(),
          correlationId: row.correlation_id,
          causationId: row.causation_id,
          traceparent: row.traceparent,
          data: JSON.parse(row.data) as unknown,
        }),
      );
      this.published.add(1, { type: row.type });
      this.lag.record((Date.now() - row.time.getTime()) / 1000);
    } catch (error) {
      if (isInfrastructureAway(error)) throw error;
      await client.query(
        `UPDATE outbox SET attempts = attempts + 1, last_error = $2,
           failed_at = CASE WHEN attempts + 1 >= $3 THEN now() END WHERE seq = $1`,
        [row.seq, String(error), this.options.maxAttempts ?? 20],
      );
      throw error;
    }
  }

  private nudge(): void {
    this.nudged = true;
    this.wake();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.wake = () => {};
        this.nudged = false;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      if (this.nudged) finish();
      else this.wake = finish;
    });
  }
}

/** Facts of one environment, source or service keep their order; this is what names it. */
function scopeOf(subject: string): string {
  return subject.split('.').slice(3).join('.');
}
