import { messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import type { LoadedSnapshot, SnapshotCache } from '../adapters/snapshot-cache.ts';
import { noDecisions } from '../domain/decisions.ts';
import type { GatewayState } from './gateway-state.ts';
import type { StageSnapshot } from './stage-snapshot.ts';

const log = logger('resume');

/** What an earlier agent left behind: the gateway serves it already. */
export async function resume(
  stage: StageSnapshot,
  files: GatewayFiles,
  cache: SnapshotCache,
  provide: (found: LoadedSnapshot) => Promise<void>,
): Promise<GatewayState> {
  const applied = files.applied();
  const digest = applied?.snapshot ?? null;
  const found = digest === null ? null : await cache.fromDisk(digest);
  const decisions = applied?.decisions ?? noDecisions;
  if (found !== null) await provide(found);
  const rendering = () => {
    try {
      const placement = found === null ? undefined : new Map(Object.entries(applied?.placement ?? {}));
      return { loaded: found, rendered: stage.render(found, decisions, placement) };
    } catch (error) {
      log.warn(
        { reason: messageOf(error) },
        'what was applied cannot be rendered any more; waiting for what is wanted',
      );
      return { loaded: null, rendered: stage.render(null, noDecisions) };
    }
  };
  const { loaded, rendered } = rendering();
  const asWritten = digest === null || (loaded !== null && applied?.main === rendered.mark);
  const process = asWritten ? (applied?.process ?? null) : null;
  return {
    loaded,
    decisions,
    rendered,
    process,
    // Without knowing how the worker differs from the files, nothing that it says can be relied on.
    stale: !asWritten || (digest !== null && process === null),
    generation: applied?.generation ?? 0,
    prepared: loaded?.digest ?? null,
    problems: [],
    silence: [],
    running: null,
    drift: [],
    times: {},
    reloads: 0,
    epoch: 0,
  };
}
