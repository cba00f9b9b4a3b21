import type { DataOf, usageSummarised, UsageView } from '@gitway/contracts';
import { lockInTransaction } from '@gitway/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import type { Renamed } from '../domain/renamed.ts';
import { storableJson } from './storable.ts';

type Summary = DataOf<typeof usageSummarised>;

const MAX_ITEMS = 10_000;
const PRUNE_EVERY_MS = 3_600_000;

export type KnownUsage = Pick<UsageView, 'items' | 'truncated'> & { readonly knownSince: Date | null };

/** Who called which operation how often, by day: what analytics has told, for as long as it is kept. */
export class UsageStore {
  private prunedAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly keptMs: number,
  ) {}

  async add(manager: EntityManager, { environment, from, entries }: Summary, now: Date): Promise<void> {
    await lockInTransaction(manager, 'usage', environment);
    await manager.query(
      `INSERT INTO usage_known (environment, since) VALUES ($1, $2)
       ON CONFLICT (environment) DO UPDATE SET since = least(usage_known.since, excluded.since)`,
      [environment, from],
    );
    await manager.query(
      `INSERT INTO usage (environment, api, day, operation, consumer, calls, errors, last_at)
       SELECT $1, api, $2::date, coalesce(operation, ''), coalesce(consumer, ''), sum(calls), sum(errors), max("lastAt")
       FROM jsonb_to_recordset($3::jsonb)
         AS entry(api text, operation text, consumer text, calls bigint, errors bigint, "lastAt" timestamptz)
       GROUP BY api, coalesce(operation, ''), coalesce(consumer, '')
       ON CONFLICT (environment, api, day, operation, consumer) DO UPDATE SET
         calls = usage.calls + excluded.calls, errors = usage.errors + excluded.errors,
         last_at = greatest(usage.last_at, excluded.last_at)`,
      [environment, from.slice(0, 10), storableJson(entries)],
    );
    await this.prune(manager, now);
  }

  /** Calls of operations that go by other names from now on are theirs: who calls knows no names. */
  async carryOver(manager: EntityManager, environment: string, renamed: readonly Renamed[]): Promise<void> {
    if (renamed.length === 0) return;
    await lockInTransaction(manager, 'usage', environment);
    // In two steps, under names that nobody has in between: two operations may change names with each other.
    await manager.query(
      `UPDATE usage SET api = E'\\x01' || entry.from_api || E'\\x01' || entry.to_api,
         operation = entry.to_operation || E'\\x01' || entry.from_operation
       FROM jsonb_to_recordset($2::jsonb)
         AS entry(from_api text, from_operation text, to_api text, to_operation text)
       WHERE environment = $1 AND api = entry.from_api AND operation = entry.from_operation`,
      [environment, storableJson(renamed)],
    );
    await manager.query(
      `INSERT INTO usage (environment, api, day, operation, consumer, calls, errors, last_at)
       SELECT environment, split_part(api, E'\\x01', 3), day, split_part(operation, E'\\x01', 1), consumer,
         sum(calls), sum(errors), max(last_at)
       FROM usage WHERE environment = $1 AND starts_with(api, E'\\x01') GROUP BY 1, 2, 3, 4, 5
       ON CONFLICT (environment, api, day, operation, consumer) DO UPDATE SET
         calls = usage.calls + excluded.calls, errors = usage.errors + excluded.errors,
         last_at = greatest(usage.last_at, excluded.last_at)`,
      [environment],
    );
    await manager.query(`DELETE FROM usage WHERE environment = $1 AND starts_with(api, E'\\x01')`, [environment]);
  }

  /** Calls of an API since the day of that instant. */
  async of(environment: string, api: string, since: Date): Promise<KnownUsage> {
    const known: { since: Date }[] = await this.dataSource.query(
      'SELECT since FROM usage_known WHERE environment = $1',
      [environment],
    );
    const rows: { operation: string; consumer: string; day: string; calls: string; errors: string; last_at: Date }[] =
      await this.dataSource.query(
        `SELECT operation, consumer, day::text AS day, calls, errors, last_at FROM usage
         WHERE environment = $1 AND api = $2 AND day >= $3::date
         ORDER BY calls DESC, day DESC, operation, consumer LIMIT $4`,
        [environment, api, since.toISOString().slice(0, 10), MAX_ITEMS + 1],
      );
    return {
      knownSince: known[0]?.since ?? null,
      items: rows.slice(0, MAX_ITEMS).map((row) => ({
        operation: row.operation === '' ? null : row.operation,
        consumer: row.consumer === '' ? null : row.consumer,
        day: row.day,
        calls: Number(row.calls),
        errors: Number(row.errors),
        lastAt: row.last_at.toISOString(),
      })),
      truncated: rows.length > MAX_ITEMS,
    };
  }

  /** What is forgotten is no longer known not to be. */
  private async prune(manager: EntityManager, now: Date): Promise<void> {
    if (now.getTime() - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = now.getTime();
    const oldest = new Date(now.getTime() - this.keptMs);
    await manager.query('DELETE FROM usage WHERE day < $1::date', [oldest.toISOString().slice(0, 10)]);
    await manager.query('UPDATE usage_known SET since = $1 WHERE since < $1', [oldest]);
  }
}
