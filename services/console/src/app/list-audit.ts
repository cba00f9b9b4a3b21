import type { AuditEntry } from '@gitway/contracts';
import type { DataSource } from 'typeorm';
import { AuditRow } from '../adapters/audit.entity.ts';

/** What people did, newest first. `before` is the id of the last entry of the page before. */
export class ListAudit {
  private readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  async run(options: {
    limit: number;
    before: string | undefined;
    environment: string | undefined;
  }): Promise<AuditEntry[]> {
    const query = this.dataSource.getRepository(AuditRow).createQueryBuilder('entry').orderBy('entry.id', 'DESC');
    if (options.before !== undefined) query.andWhere('entry.id < :before', { before: options.before });
    if (options.environment !== undefined) {
      query.andWhere('entry.environment = :environment', { environment: options.environment });
    }
    const rows = await query.limit(options.limit).getMany();
    return rows.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      actor: row.actor,
      role: row.role,
      action: row.action,
      environment: row.environment,
      reason: row.reason,
      target: row.target,
      event: row.eventId,
      correlation: row.correlationId,
    }));
  }
}
