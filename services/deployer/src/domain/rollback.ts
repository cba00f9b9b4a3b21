import { start } from './start.ts';
import { newDeployment } from './candidates.ts';
import type { Input } from './decision.ts';
import type { Draft } from './draft.ts';
import { idOf, shortCommit } from './identity.ts';
import { revisionOf } from './state.ts';
import type { Deployment, Rollback } from './state.ts';

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

/** What the traffic says of a deployment. Kept always; acted upon while its content is live. */
export function acceptVerdict(draft: Draft, input: InputOf<'verdict'>): void {
  const judged = draft.find(input.deployment);
  if (judged === undefined) {
    draft.notes.push(`verdict on ${input.deployment} left alone: no such deployment here`);
    return;
  }
  const live = draft.live;
  const isLive = live !== undefined && judged.ran !== null && live.contentOf === judged.contentOf;
  const isBad = input.outcome === 'regressed';
  for (const deployment of isLive && live !== judged ? [judged, live] : [judged]) {
    if (deployment.verdict !== 'regressed') draft.set(deployment, { verdict: input.outcome });
    if (isBad) draft.set(deployment, { bad: true });
  }
  if (!isBad || !isLive) return;
  if (draft.applying !== undefined) {
    draft.notes.push(
      `${shortCommit(live.commit)} regressed while ${shortCommit(draft.applying.commit)} is being applied`,
    );
    return;
  }
  const to = knownGood(draft, [live.snapshot], input.baseline);
  if (to === undefined) {
    draft.set(live, {
      detail: `its traffic got worse (${input.detail}), but nothing known good ran here before: it keeps serving`,
    });
    return;
  }
  startRollback(draft, {
    id: idOf('verdict', judged.id, live.id, to.id),
    from: live,
    to,
    reason: 'verdict',
    detail: input.detail,
  });
}

export const rollbackIdOf = (environment: string, request: string) => idOf('rollback', environment, request);

/** A person wants an earlier revision. */
export function acceptRollbackCommand(draft: Draft, input: InputOf<'rollback'>): void {
  const id = rollbackIdOf(draft.state.name, input.request);
  if (draft.find(id) !== undefined) return;
  const refuse = (why: string) => draft.refuse('rollback', input, why);
  const { applying } = draft;
  if (applying?.rollback != null) return refuse('a rollback is being applied already');
  const from = applying ?? draft.live;
  if (from === undefined) return refuse('nothing runs here');
  const to = input.commit === null ? knownGood(draft, [from.snapshot]) : lastRunOf(draft, input.commit);
  if (to === undefined) {
    return refuse(
      input.commit === null ? 'nothing known good ran here before' : `${shortCommit(input.commit)} never ran here`,
    );
  }
  if (to.snapshot === from.snapshot) return refuse(`${shortCommit(to.commit)} is what runs`);
  if (to.bad) return refuse(`${shortCommit(to.commit)} was taken back itself`);
  startRollback(draft, {
    id,
    from,
    to,
    reason: 'command',
    detail: `asked by ${input.actor}${input.reason === '' ? '' : `: ${input.reason}`}`,
  });
}

export interface RollbackPlan {
  id: string;
  from: Deployment;
  to: Deployment;
  reason: Rollback['reason'];
  detail: string;
}

/** Remembers what is bad, pins the environment and brings the earlier snapshot back as a deployment of its own. */
export function startRollback(draft: Draft, { id, from, to, reason, detail }: RollbackPlan): void {
  if (draft.find(id) !== undefined) return;
  const { state, now } = draft;
  draft.set(from, { bad: true });
  draft.set(state, {
    pin: {
      bads: [...(state.pin?.bads ?? []), revisionOf(from)],
      order: Math.max(from.order, state.pin?.order ?? from.order),
      since: now,
      reason: detail,
    },
  });
  const { source, ref, commit, snapshot, order, settings, times } = to;
  const deployment = newDeployment(
    draft,
    { id, source, ref, commit, snapshot, order, settings, times, cause: 'rollback', skipsGates: true },
    { of: from.id, from: revisionOf(from), reason, detail, decidedAt: now },
  );
  start(draft, draft.add(deployment));
}

/**
 * The newest earlier deployment that can be trusted: judged healthy, or live for as long as its analysis takes without
 * being judged worse. Failing that the `baseline` of the verdict: what ran after it was passed through, and what it
 * brought is in what is bad now. Failing that the newest that ever ran and was not judged worse. Content that went bad
 * once, in whichever commit, is never good.
 */
export function knownGood(
  draft: Draft,
  exceptSnapshots: readonly string[],
  baseline: string | null = null,
): Deployment | undefined {
  const { deployments, pin } = draft.state;
  const excluded = new Set([
    ...exceptSnapshots,
    ...deployments.filter(({ bad }) => bad).map(({ snapshot }) => snapshot),
    ...(pin?.bads ?? []).map(({ snapshot }) => snapshot),
  ]);
  const ran = deployments.filter((deployment) => deployment.ran !== null && !excluded.has(deployment.snapshot));
  ran.sort((a, b) => b.ran!.since - a.ran!.since);
  const isTrusted = ({ verdict, ran: span, settings }: Deployment) =>
    verdict === 'healthy' || (span!.until ?? draft.now) - span!.since >= settings.analysis.windowMs;
  return ran.find(isTrusted) ?? ran.find(({ snapshot }) => snapshot === baseline) ?? ran[0];
}

function lastRunOf(draft: Draft, commit: string): Deployment | undefined {
  return draft.state.deployments.findLast((deployment) => deployment.commit === commit && deployment.ran !== null);
}
