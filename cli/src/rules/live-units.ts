import { liveUnitsViewSchema, type LiveUnitsView, type Unit } from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';

/** Everything that an environment serves, as of one moment. */
export interface LiveEnvironment {
  readonly environment: string;
  /** Null: nothing is live there. */
  readonly snapshot: string | null;
  readonly commit: string | null;
  readonly since: string | null;
  readonly units: readonly Unit[];
  /** Of an earlier release, which this one cannot read. */
  readonly unreadable: number;
}

const ATTEMPTS = 3;

/** @throws ConflictError where something else goes live each time that it is asked */
export async function fetchLive(client: ConsoleClient, environment: string): Promise<LiveEnvironment> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(client, environment);
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function fetchOnce(client: ConsoleClient, environment: string): Promise<LiveEnvironment> {
  const path = `/api/environments/${encodeURIComponent(environment)}/units`;
  const units: Unit[] = [];
  let unreadable = 0;
  let page: LiveUnitsView | undefined;
  do {
    const at = page?.next == null ? {} : { offset: page.next, snapshot: page.snapshot ?? undefined };
    page = await client.get(path, liveUnitsViewSchema, { ...at, limit: 200 });
    units.push(...page.items);
    unreadable += page.unreadable;
  } while (page.next !== null);
  const { snapshot, commit, since } = page;
  return { environment, snapshot, commit, since, units, unreadable };
}
