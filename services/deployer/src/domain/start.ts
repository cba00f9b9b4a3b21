import type { Draft } from './draft.ts';
import { shortCommit } from './identity.ts';
import { isPinnedBad, revisionOf } from './state.ts';
import type { Deployment } from './state.ts';

/**
 * Brings the environment to a deployment's snapshot: gateways that serve it already (or are being brought to it) are
 * left alone, all others get a target of the next generation. Whatever was being applied is superseded.
 */
export function start(draft: Draft, deployment: Deployment): void {
  const { state, now } = draft;
  if (isPinnedBad(state.pin, deployment.snapshot)) {
    draft.supersede(
      deployment,
      `refused: the environment is pinned, this content was taken back (${state.pin!.reason})`,
    );
    return;
  }
  const applying = draft.applying;
  if (applying !== undefined && applying !== deployment) {
    draft.supersede(applying, `replaced by ${shortCommit(deployment.commit)} before it was read back`);
  }
  liftPin(draft, deployment);
  const { gateways } = deployment.settings;
  draft.set(state, { retry: null });
  draft.set(deployment, { previous: draft.liveRevision() });
  draft.move(
    deployment,
    { kind: 'applying', since: now, deadlineAt: now + draft.context.limits.applyTimeoutMs },
    `waiting for ${gateways.join(', ')} to read it back`,
  );
  for (const name of gateways) {
    const target = draft.gateway(name);
    const isAimedAt = target !== undefined && target.snapshot === deployment.snapshot;
    if (isAimedAt && (draft.inSync(name) || draft.observationOf(name)?.generation !== target.generation)) continue;
    draft.aim(name, deployment.snapshot, deployment.id);
  }
  if (gateways.every((name) => draft.inSync(name))) return;
  draft.publish({
    kind: 'deployment-planned',
    deployment: deployment.id,
    data: {
      ...identityOf(draft, deployment),
      cause: deployment.cause,
      snapshot: deployment.snapshot,
      previous: deployment.previous,
      gateways,
    },
  });
}

/**
 * Whether the pin holds it: a commit that was detected before the rollback was decided cannot take it into account, so
 * it may well contain what was taken back, whatever else it changes. One that brings what runs anyway is harmless.
 */
export function isHeldByPin(draft: Draft, { order, snapshot, rollback }: Deployment): boolean {
  const { pin } = draft.state;
  if (pin === null || rollback !== null || order > Math.max(pin.order, pin.since)) return false;
  const kept = draft.applying?.rollback != null ? draft.applying : draft.live;
  return kept?.snapshot !== snapshot || order <= pin.order;
}

/** A commit from after the rollback, or with what it brought back: Git has caught up or moved on. */
function liftPin(draft: Draft, deployment: Deployment): void {
  const { pin } = draft.state;
  if (pin === null || deployment.rollback !== null || isHeldByPin(draft, deployment)) return;
  draft.set(draft.state, { pin: null });
  draft.publish({
    kind: 'pin-lifted',
    deployment: deployment.id,
    data: { environment: draft.state.name, by: revisionOf(deployment), bad: pin.bads.at(-1)!.snapshot },
  });
}

export function identityOf(draft: Draft, { id, source, ref, commit }: Deployment) {
  return { environment: draft.state.name, source, ref, commit, deployment: id };
}
