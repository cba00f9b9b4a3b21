import { formatDuration } from '@gitway/contracts';
import { isHeldByPin, start } from './start.ts';
import type { Standing } from './decision.ts';
import type { Draft } from './draft.ts';
import { shortCommit } from './identity.ts';
import { isPinnedBad } from './state.ts';
import type { Deployment, Settings } from './state.ts';

/** Starts the candidate when nothing holds it any more, and says what holds it. */
export function settleCandidate(draft: Draft): void {
  const candidate = draft.candidate;
  if (candidate === undefined) return;
  const { pin } = draft.state;
  if (isPinnedBad(pin, candidate.snapshot)) {
    draft.supersede(candidate, `refused: the environment is pinned, this content was taken back (${pin!.reason})`);
    return;
  }
  if (isHeldByPin(draft, candidate)) {
    draft.supersede(
      candidate,
      `refused: it was detected before the rollback was decided at ${draft.instant(pin!.since)}, so it may contain what was taken back; push a commit on top of it`,
    );
    return;
  }
  if (draft.applying?.rollback != null) {
    if (candidate.phase.kind === 'waiting')
      wait(draft, candidate, 'turn', null, 'waits until the rollback has been read back');
    return;
  }
  const changesNothing = draft.applying === undefined && draft.live?.snapshot === candidate.snapshot;
  if (changesNothing || passesGates(draft, candidate)) start(draft, candidate);
}

type Gate = Pick<Settings, 'promoteFrom' | 'promotion'>;

/**
 * The stricter of what the candidate says and what is live: a commit that weakens or moves its own gate has to pass the
 * old one. The first deployment knows only its own.
 */
export function gateOf(candidate: Gate, live: Gate | undefined): Gate {
  if (live === undefined || live.promoteFrom === null) return candidate;
  return {
    promoteFrom: live.promoteFrom,
    promotion: {
      soakMs: Math.max(candidate.promotion.soakMs, live.promotion.soakMs),
      approvals: Math.max(candidate.promotion.approvals, live.promotion.approvals),
    },
  };
}

/** False: it was told to wait, or ended. */
function passesGates(draft: Draft, candidate: Deployment): boolean {
  const { promoteFrom, promotion } = gateOf(candidate.settings, draft.live?.settings);
  if (promoteFrom === null || candidate.skipsGates) return true;
  const standing = draft.context.parentStanding(promoteFrom, candidate.commit);
  const commit = shortCommit(candidate.commit);
  if (standing.kind === 'bad') {
    draft.supersede(candidate, `not promoted: ${commit} went bad in ${promoteFrom}`);
    return false;
  }
  if (standing.kind === 'pending') {
    wait(draft, candidate, 'parent', null, `waits for ${commit} to be live in ${promoteFrom}`);
    return false;
  }
  const dueAt = standing.since + promotion.soakMs;
  if (standing.until !== null && standing.until < dueAt) {
    wait(draft, candidate, 'parent', null, `${commit} was replaced in ${promoteFrom} before it had soaked`);
    return false;
  }
  if (draft.now < dueAt) {
    const soak = formatDuration(promotion.soakMs);
    wait(draft, candidate, 'soak', dueAt, `soaks in ${promoteFrom} for ${soak}, until ${draft.instant(dueAt)}`);
    return false;
  }
  const given = candidate.approvals.length;
  if (given >= promotion.approvals) return true;
  const isNew = candidate.phase.kind !== 'awaiting-approval';
  draft.move(
    candidate,
    { kind: 'awaiting-approval', needed: promotion.approvals },
    `waits for approval: ${given} of ${promotion.approvals}`,
  );
  if (isNew) {
    draft.publish({
      kind: 'approval-requested',
      deployment: candidate.id,
      data: {
        environment: draft.state.name,
        source: candidate.source,
        ref: candidate.ref,
        commit: candidate.commit,
        deployment: candidate.id,
        snapshot: candidate.snapshot,
        needed: promotion.approvals,
      },
    });
  }
  return false;
}

function wait(
  draft: Draft,
  candidate: Deployment,
  reason: 'parent' | 'soak' | 'turn',
  dueAt: number | null,
  detail: string,
): void {
  draft.move(candidate, { kind: 'waiting', reason, dueAt }, detail);
}

/** How an environment stands to a commit, from its deployments of that commit (any order). */
export function standingOf(deployments: readonly Pick<Deployment, 'bad' | 'phase' | 'ran'>[]): Standing {
  const ran = deployments
    .flatMap((deployment) => (deployment.ran === null ? [] : [{ ...deployment, ran: deployment.ran }]))
    .sort((a, b) => a.ran.since - b.ran.since)
    .at(-1);
  if (deployments.some(({ bad, phase }) => bad || phase.kind === 'rolled-back')) return { kind: 'bad' };
  if (ran === undefined) return { kind: 'pending' };
  return { kind: 'ran', since: ran.ran.since, until: ran.ran.until };
}
