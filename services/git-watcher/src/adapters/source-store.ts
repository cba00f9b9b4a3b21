import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The commit of a branch that was reported last. */
export interface Head {
  readonly ref: string;
  readonly commit: string;
  /** Digest of the tree artifact that was reported with it. */
  readonly tree: string;
  /** False when the branch is gone at the server. */
  readonly present: boolean;
  readonly detectedAt: Date;
}

export interface SourceRecord {
  readonly failure: string | null;
  /** In a row; 0 while all is well. */
  readonly failures: number;
  /** Whether the present streak of failures was stated as an event. */
  readonly failureStated: boolean;
  readonly lastReadAt: Date | null;
  readonly lastPolledAt: Date | null;
  readonly lastWebhookAt: Date | null;
}

interface HeadRow {
  source: string;
  ref: string;
  commit: string;
  tree: string;
  present: boolean;
  detected_at: Date;
}

interface SourceRow {
  failure: string | null;
  failures: number;
  failure_stated: boolean;
  last_read_at: Date | null;
  last_polled_at: Date | null;
  last_webhook_at: Date | null;
}

/** What is remembered of sources: heads, failures, webhook deliveries and commits of our own. */
@Injectable()
export class SourceStore {
  private readonly webhookNotedAt = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  async heads(source: string): Promise<Map<string, Head>> {
    const rows: HeadRow[] = await this.dataSource.query('SELECT * FROM head WHERE source = $1', [source]);
    return new Map(
      rows.map(({ ref, commit, tree, present, detected_at }) => [
        ref,
        { ref, commit, tree, present, detectedAt: detected_at },
      ]),
    );
  }

  /**
   * Makes `next` the reported head unless somebody else has been faster.
   * @param previous the commit that was the reported head when this was decided; null for none.
   * @returns whether it was made so.
   */
  async moveHead(
    manager: EntityManager,
    source: string,
    previous: string | null,
    next: Omit<Head, 'present'>,
  ): Promise<boolean> {
    const values = [source, next.ref, next.commit, next.tree, next.detectedAt];
    const rows: unknown[] =
      previous === null
        ? await manager.query(
            `INSERT INTO head (source, ref, commit, tree, detected_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING ref`,
            values,
          )
        : (
            await manager.query<[unknown[], number]>(
              `UPDATE head SET commit = $3, tree = $4, detected_at = $5, present = true, reports = reports + 1
               WHERE source = $1 AND ref = $2 AND commit = $6 RETURNING ref`,
              [...values, previous],
            )
          )[0];
    return rows.length > 0;
  }

  async markPresence(source: string, ref: string, present: boolean): Promise<void> {
    await this.dataSource.query('UPDATE head SET present = $3 WHERE source = $1 AND ref = $2', [source, ref, present]);
  }

  async record(source: string): Promise<SourceRecord> {
    const rows: SourceRow[] = await this.dataSource.query('SELECT * FROM source WHERE name = $1', [source]);
    const row = rows[0];
    return {
      failure: row?.failure ?? null,
      failures: row?.failures ?? 0,
      failureStated: row?.failure_stated ?? false,
      lastReadAt: row?.last_read_at ?? null,
      lastPolledAt: row?.last_polled_at ?? null,
      lastWebhookAt: row?.last_webhook_at ?? null,
    };
  }

  /** Notes that the source was read. @returns how many failures in a row had been stated before; 0 for none. */
  async noteSuccess(manager: EntityManager, source: string, trigger: 'poll' | 'webhook', at: Date): Promise<number> {
    const rows: { failures: number; failure_stated: boolean }[] = await manager.query(
      'SELECT failures, failure_stated FROM source WHERE name = $1 FOR UPDATE',
      [source],
    );
    await manager.query(
      `INSERT INTO source (name, last_read_at, last_polled_at) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET failure = NULL, failures = 0, failure_stated = false, last_read_at = $2,
         last_polled_at = coalesce($3, source.last_polled_at)`,
      [source, at, trigger === 'poll' ? at : null],
    );
    return rows[0]?.failure_stated === true ? rows[0].failures : 0;
  }

  /**
   * Notes one more failure.
   * @param stateFrom the number of failures in a row from which on it is to be stated.
   * @returns failures in a row, and whether this caller is the one to state them.
   */
  async noteFailure(
    manager: EntityManager,
    source: string,
    reason: string,
    stateFrom: number,
  ): Promise<{ failures: number; state: boolean }> {
    const rows: { failures: number; failure_stated: boolean }[] = await manager.query(
      `INSERT INTO source (name, failure, failures) VALUES ($1, $2, 1)
       ON CONFLICT (name) DO UPDATE SET failure = $2, failures = source.failures + 1
       RETURNING failures, failure_stated`,
      [source, reason],
    );
    const { failures, failure_stated: stated } = rows[0]!;
    if (stated || failures < stateFrom) return { failures, state: false };
    await manager.query('UPDATE source SET failure_stated = true WHERE name = $1', [source]);
    return { failures, state: true };
  }

  /** @returns false when this delivery has been taken before. */
  async noteDelivery(source: string, delivery: string | null, at: Date): Promise<boolean> {
    // A storm must not queue at one row for a time stamp that people read.
    if (at.getTime() - (this.webhookNotedAt.get(source) ?? 0) >= 1000) {
      this.webhookNotedAt.set(source, at.getTime());
      await this.dataSource.query(
        `INSERT INTO source (name, last_webhook_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET last_webhook_at = $2`,
        [source, at],
      );
    }
    if (delivery === null) return true;
    const rows: unknown[] = await this.dataSource.query(
      `INSERT INTO webhook_delivery (source, delivery, received_at) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING delivery`,
      [source, delivery, at],
    );
    return rows.length > 0;
  }

  async forgetDeliveries(before: Date): Promise<void> {
    await this.dataSource.query('DELETE FROM webhook_delivery WHERE received_at < $1', [before]);
  }

  /** Remembers a commit that we are about to push, so that nobody else can claim to be us by writing our trailer. */
  async noteOwnCommit(commit: string, source: string, cause: string, at: Date): Promise<void> {
    await this.dataSource.query(
      'INSERT INTO own_commit (commit, source, cause, written_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [commit, source, cause, at],
    );
  }

  /** The event for which we wrote this commit; null when it is not ours. */
  async causeOf(commit: string): Promise<string | null> {
    const rows: { cause: string }[] = await this.dataSource.query('SELECT cause FROM own_commit WHERE commit = $1', [
      commit,
    ]);
    return rows[0]?.cause ?? null;
  }
}
