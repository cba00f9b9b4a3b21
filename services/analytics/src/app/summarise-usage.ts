import { usageSummarised } from '@gitway/contracts';
import { UnitOfWork } from '@gitway/messaging';
import { lockInTransaction } from '@gitway/persistence';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS } from '../domain/rollup.ts';

/** How long after its end a minute counts as closed: what agents still have in hand. */
const CLOSED_AFTER_MS = 10_000;
/** Even of the longest names, so many fit in one message. */
const ENTRIES_PER_EVENT = 200;

interface Entry {
  api: string;
  operation: string;
  consumer: string;
  calls: string;
  errors: string;
  lastAt: Date;
}

/**
 * States the usage of each closed minute, each call once: a call that arrives after its minute was stated is stated in
 * a further event of the same minute.
 */
@Injectable()
export class SummariseUsage {
  constructor(
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
  ) {}

  async run(): Promise<void> {
    const closed = new Date(this.clock.now().getTime() - MINUTE_MS - CLOSED_AFTER_MS);
    const due: { environment: string; minute: Date }[] = await this.dataSource.query(
      `SELECT DISTINCT environment, minute FROM traffic_usage
       WHERE stated < calls AND minute <= $1 ORDER BY minute, environment LIMIT 200`,
      [closed],
    );
    for (const { environment, minute } of due) await this.summarise(environment, minute);
  }

  private async summarise(environment: string, minute: Date): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      // The same lock as writers of traffic take: what is read here is what is marked below.
      await lockInTransaction(tx.manager, 'traffic', environment);
      const rows: Entry[] = await tx.manager.query(
        `SELECT api, operation, consumer, sum(calls - stated) AS calls,
                coalesce(sum(calls - stated) FILTER (WHERE status >= 500), 0) AS errors, max(last_at) AS "lastAt"
         FROM traffic_usage WHERE environment = $1 AND minute = $2 AND stated < calls AND api <> ''
         GROUP BY api, operation, consumer ORDER BY api, operation, consumer`,
        [environment, minute],
      );
      await tx.manager.query(
        'UPDATE traffic_usage SET stated = calls WHERE environment = $1 AND minute = $2 AND stated < calls',
        [environment, minute],
      );
      const parts = Math.ceil(rows.length / ENTRIES_PER_EVENT);
      for (let part = 1; part <= parts; part += 1) {
        await tx.publish(usageSummarised, {
          environment,
          from: minute.toISOString(),
          to: new Date(minute.getTime() + MINUTE_MS).toISOString(),
          part,
          parts,
          entries: rows.slice((part - 1) * ENTRIES_PER_EVENT, part * ENTRIES_PER_EVENT).map((row) => ({
            api: row.api,
            operation: row.operation || null,
            consumer: row.consumer || null,
            calls: Number(row.calls),
            errors: Number(row.errors),
            lastAt: row.lastAt.toISOString(),
          })),
        });
      }
    });
  }
}
