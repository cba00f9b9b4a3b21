import type { EventEnvelope } from '@gitway/contracts';

/** A fact as the console keeps it. Sequences grow in the order of commit; gaps mean nothing. */
export interface KeptFact {
  readonly sequence: bigint;
  /** `deployed`, `commit-detected`. */
  readonly fact: string;
  /** The environments it speaks of; empty for what belongs to a source or a service. */
  readonly environments: readonly string[];
  /** The envelope's JSON text, on one line. */
  readonly json: string;
}

export interface FactFilter {
  /** Null: all. */
  readonly facts: ReadonlySet<string> | null;
  readonly environment: string | null;
}

/** `gitway.<owner>.<fact>.<scope>` → `<fact>`. */
export function factNameOf(event: Pick<EventEnvelope, 'subject' | 'type'>): string {
  return event.subject.split('.')[2] ?? event.type;
}

export function environmentsOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  if ('environment' in data && typeof data.environment === 'string') return [data.environment];
  if ('environments' in data && Array.isArray(data.environments)) {
    return data.environments.filter((name): name is string => typeof name === 'string');
  }
  return [];
}

export function matches(kept: Pick<KeptFact, 'fact' | 'environments'>, filter: FactFilter): boolean {
  if (filter.facts !== null && !filter.facts.has(kept.fact)) return false;
  return filter.environment === null || kept.environments.includes(filter.environment);
}
