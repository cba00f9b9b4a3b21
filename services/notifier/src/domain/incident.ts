import type { Incident } from '@gitway/contracts';

export type Severity = Incident['severity'];

/** What a fact means for incidents. `key` is what it is about: one incident at a time is open for each key. */
export type Signal =
  | {
      readonly kind: 'raise';
      readonly key: string;
      readonly environment: string | null;
      readonly severity: Severity;
      readonly title: string;
      readonly text: string;
      /** The commit or deployment that it is about; what is good news of the same one does not resolve it. */
      readonly about: string;
    }
  | { readonly kind: 'note'; readonly key: string; readonly text: string }
  | {
      readonly kind: 'resolve';
      readonly key: string;
      readonly text: string;
      /** Not when the incident is about this one. */
      readonly exceptAbout?: string;
    };

export interface OpenIncident {
  readonly severity: Severity;
  readonly about: string;
  /** When the fact was stated that raised it last. */
  readonly raisedAt: Date;
  readonly entries: number;
}

export type IncidentStep =
  | { readonly step: 'open'; readonly severity: Severity }
  | { readonly step: 'update'; readonly severity: Severity; readonly about: string | null }
  | { readonly step: 'resolve' }
  | { readonly step: 'nothing' };

/** A timeline ends here, but for its last entry: a fault that repeats itself is one incident, not a thousand notices. */
export const MAX_ENTRIES = 200;

const weight: Record<Severity, number> = { minor: 0, major: 1, critical: 2 };

/** Decides what becomes of the incident that is open for the signal's key (null: none is). `statedAt`: of the fact. */
export function step(open: OpenIncident | null, signal: Signal, statedAt: Date): IncidentStep {
  if (open === null) {
    return signal.kind === 'raise' ? { step: 'open', severity: signal.severity } : { step: 'nothing' };
  }
  if (signal.kind === 'resolve') {
    // Facts of different kinds may overtake each other: good news from before the bad ones resolves nothing.
    const isOlder = statedAt.getTime() < open.raisedAt.getTime();
    const isOfTheSame = signal.exceptAbout !== undefined && signal.exceptAbout === open.about;
    return isOlder || isOfTheSame ? { step: 'nothing' } : { step: 'resolve' };
  }
  if (open.entries >= MAX_ENTRIES) return { step: 'nothing' };
  if (signal.kind === 'note') return { step: 'update', severity: open.severity, about: null };
  const severity = weight[signal.severity] > weight[open.severity] ? signal.severity : open.severity;
  return { step: 'update', severity, about: signal.about };
}
