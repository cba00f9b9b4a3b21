import type { Incident, TimelineEntry } from '@gitway/contracts';
import { lockInTransaction } from '@gitway/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface IncidentRow {
  readonly id: string;
  readonly key: string;
  readonly environment: string | null;
  readonly severity: Incident['severity'];
  readonly state: Incident['state'];
  readonly title: string;
  readonly about: string;
  readonly raisedAt: Date;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  readonly entries: number;
}

export const incidentColumns = `id, key, environment, severity, state, title, about, raised_at AS "raisedAt",
  opened_at AS "openedAt", resolved_at AS "resolvedAt", entries`;

@Injectable()
export class IncidentStore {
  /** One at a time per key, over all replicas. */
  lock(manager: EntityManager, key: string): Promise<void> {
    return lockInTransaction(manager, 'incident', key);
  }

  async findOpen(manager: EntityManager, key: string): Promise<IncidentRow | null> {
    const rows: IncidentRow[] = await manager.query(
      `SELECT ${incidentColumns} FROM incident WHERE key = $1 AND state = 'open'`,
      [key],
    );
    return rows[0] ?? null;
  }

  async insert(manager: EntityManager, row: IncidentRow): Promise<void> {
    await manager.query(
      `INSERT INTO incident (id, key, environment, severity, state, title, about, raised_at, opened_at, resolved_at, entries)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        row.id,
        row.key,
        row.environment,
        row.severity,
        row.state,
        row.title,
        row.about,
        row.raisedAt,
        row.openedAt,
        row.resolvedAt,
        row.entries,
      ],
    );
  }

  async update(manager: EntityManager, row: IncidentRow): Promise<void> {
    await manager.query(
      `UPDATE incident SET severity = $2, state = $3, about = $4, raised_at = $5, resolved_at = $6, entries = $7
       WHERE id = $1`,
      [row.id, row.severity, row.state, row.about, row.raisedAt, row.resolvedAt, row.entries],
    );
  }

  async addEntry(manager: EntityManager, incident: string, number: number, entry: TimelineEntry): Promise<void> {
    await manager.query(
      `INSERT INTO incident_entry (incident, number, at, event_id, event_type, text) VALUES ($1, $2, $3, $4, $5, $6)`,
      [incident, number, entry.at, entry.event.id, entry.event.type, entry.text],
    );
  }
}
