import { randomUUID } from 'node:crypto';
import {
  type Incident,
  incidentOpened,
  incidentResolved,
  incidentUpdated,
  type TimelineEntry,
} from '@gitway/contracts';
import type { Tx } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { type IncidentRow, IncidentStore } from '../adapters/incident-store.ts';
import { type Signal, step } from '../domain/incident.ts';

/** The fact that signals come from. */
export interface Origin {
  readonly event: { readonly id: string; readonly type: string };
  readonly at: Date;
}

/** Lets signals open, extend or resolve incidents, and states what became of them. */
@Injectable()
export class CorrelateFact {
  constructor(private readonly incidents: IncidentStore) {}

  async within(tx: Tx, signals: readonly Signal[], origin: Origin): Promise<void> {
    // Locks are taken in one order, so that two facts that touch the same incidents cannot wait for each other.
    const ordered = [...signals].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const signal of ordered) await this.apply(tx, signal, origin);
  }

  private async apply(tx: Tx, signal: Signal, origin: Origin): Promise<void> {
    const { manager } = tx;
    await this.incidents.lock(manager, signal.key);
    const open = await this.incidents.findOpen(manager, signal.key);
    const next = step(open, signal, origin.at);
    if (next.step === 'nothing') return;
    const entry: TimelineEntry = { at: origin.at.toISOString(), event: origin.event, text: signal.text };
    if (next.step === 'open') {
      if (signal.kind !== 'raise') return;
      const row: IncidentRow = {
        id: randomUUID(),
        key: signal.key,
        environment: signal.environment,
        severity: next.severity,
        state: 'open',
        title: signal.title,
        about: signal.about,
        raisedAt: origin.at,
        openedAt: origin.at,
        resolvedAt: null,
        entries: 1,
      };
      await this.incidents.insert(manager, row);
      await this.incidents.addEntry(manager, row.id, row.entries, entry);
      await tx.publish(incidentOpened, stated(row, entry));
      return;
    }
    if (open === null) return;
    const row: IncidentRow = {
      ...open,
      entries: open.entries + 1,
      ...(next.step === 'resolve'
        ? { state: 'resolved', resolvedAt: origin.at }
        : {
            severity: next.severity,
            ...(next.about === null ? {} : { about: next.about, raisedAt: later(open.raisedAt, origin.at) }),
          }),
    };
    await this.incidents.update(manager, row);
    await this.incidents.addEntry(manager, row.id, row.entries, entry);
    await tx.publish(next.step === 'resolve' ? incidentResolved : incidentUpdated, stated(row, entry));
  }
}

function stated(row: IncidentRow, entry: TimelineEntry): Incident {
  return {
    incident: row.id,
    environment: row.environment,
    severity: row.severity,
    state: row.state,
    title: row.title,
    openedAt: row.openedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    entry,
    entries: row.entries,
  };
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
