import type { DriftField, Problem, StageTimes } from '@gitway/contracts';
import { freshProcess, type HaproxyRendered, type ProcessState } from '@gitway/drivers';
import type { Applied } from '../adapters/gateway-files.ts';
import type { Identity } from '../adapters/haproxy-answers.ts';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';
import type { Decisions } from '../domain/decisions.ts';

/** What the agent knows of its gateway. Held by one process; everything in it can be found again from disk and gateway. */
export interface GatewayState {
  /** What was applied last; null: the empty configuration. */
  loaded: LoadedSnapshot | null;
  /** What was decided besides. */
  decisions: Decisions;
  /** What lies on disk, and what the process says as well. */
  rendered: HaproxyRendered;
  /** How the process differs from the files; null: not known, so that only a reload leads on. */
  process: ProcessState | null;
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
  /** How often new workers were asked for. */
  reloads: number;
  /** Grows when an apply begins and ends; an observation that spans a change of it says nothing. Odd: one is under way. */
  epoch: number;
}

/** What has to be on disk for another agent to take over. */
export const appliedOf = (state: GatewayState): Applied => ({
  snapshot: state.loaded?.digest ?? null,
  generation: state.generation,
  main: state.rendered.mark,
  placement: Object.fromEntries(
    [...state.rendered.image.backends.values()].flatMap(({ own, name }) => (own === name ? [] : [[own, name]])),
  ),
  process: state.process,
  decisions: state.decisions,
});

/** Takes in that another worker was loaded with the files as they are: it differs from them in nothing. */
export function adopt(state: GatewayState, { worker, mark }: Identity): void {
  const { rendered, process } = state;
  if (process?.worker !== worker && mark === rendered.mark) state.process = freshProcess(rendered.image, mark, worker);
}
