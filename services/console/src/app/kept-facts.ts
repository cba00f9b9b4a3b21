import type { KeptFact } from '../domain/facts.ts';

/** The console's own memory of the last facts, from which every reader of `/api/events` is served. */
export abstract class KeptFacts {
  /** Facts after `sequence`, oldest first. */
  abstract after(sequence: bigint, limit: number): Promise<KeptFact[]>;
  /** The last `limit`, oldest first. */
  abstract latest(limit: number): Promise<KeptFact[]>;
  /** The oldest and the newest that are kept; null when there is none. */
  abstract range(): Promise<{ oldest: bigint; newest: bigint } | null>;
}

/** Says that facts may have been added, by this replica or another. May be early, late or missing: a poll follows. */
export abstract class FactSignal {
  abstract start(onSignal: () => void): void;
  abstract stop(): Promise<void>;
}
