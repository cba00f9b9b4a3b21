import type { DriftField, Problem, StageTimes } from '@gitway/contracts';
import type { Rendered } from '@gitway/drivers';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';

/** What the agent knows of its gateway. Held by one process; everything in it can be found again from disk and gateway. */
export interface GatewayState {
  /** What was applied last; null: the empty configuration. */
  loaded: LoadedSnapshot | null;
  rendered: Rendered;
  /** Whether this agent would render what was applied to other bytes than lie there (it was upgraded, or listens elsewhere). */
  stale: boolean;
  /** Generation of `desired` that was answered last. */
  generation: number;
  prepared: string | null;
  /** Why the wanted snapshot does not run. */
  problems: Problem[];
  /** Why the gateway cannot be read back now. */
  silence: Problem[];
  /** Read back through the data path. */
  running: string | null;
  drift: DriftField[];
  times: StageTimes;
  /** Grows when an apply begins and ends; an observation that spans a change of it says nothing. Odd: one is under way. */
  epoch: number;
}
