import type { IncidentView } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { incidentColumns, type IncidentRow } from '../adapters/incident-store.ts';

interface EntryRow {
  incident: string;
  at: Date;
  event_id: string;
  event_type: string;
  text: string;
}

@Injectable()
export class ListIncidents {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async run(state: 'open' | 'resolved' | undefined, limit: number): Promise<{ items: IncidentView[] }> {
    const rows: IncidentRow[] = await this.dataSource.query(
      `SELECT ${incidentColumns} FROM incident WHERE $1::text IS NULL OR state = $1
       ORDER BY opened_at DESC, id LIMIT $2`,
      [state ?? null, limit],
    );
    return { items: await this.withTimelines(rows) };
  }

  /** @throws NotFoundError */
  async one(id: string): Promise<IncidentView> {
    const rows: IncidentRow[] = await this.dataSource.query(`SELECT ${incidentColumns} FROM incident WHERE id = $1`, [
      id,
    ]);
    const [view] = await this.withTimelines(rows);
    if (view === undefined) throw new NotFoundError('no-such-incident', `There is no incident ${id}.`);
    return view;
  }

  private async withTimelines(rows: IncidentRow[]): Promise<IncidentView[]> {
    const entries: EntryRow[] = await this.dataSource.query(
      `SELECT incident, at, event_id, event_type, text FROM incident_entry WHERE incident = ANY ($1) ORDER BY number`,
      [rows.map(({ id }) => id)],
    );
    return rows.map((row) => ({
      incident: row.id,
      environment: row.environment,
      severity: row.severity,
      state: row.state,
      title: row.title,
      openedAt: row.openedAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
      timeline: entries
        .filter(({ incident }) => incident === row.id)
        .map((entry) => ({
          at: entry.at.toISOString(),
          event: { id: entry.event_id, type: entry.event_type },
          text: entry.text,
        })),
    }));
  }
}
