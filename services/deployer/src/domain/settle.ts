import type { Problem, StageTimes } from '@gitway/contracts';
import type { Draft } from './draft.ts';
import { idOf, shortCommit } from './identity.ts';
import { knownGood, startRollback } from './rollback.ts';
import { identityOf, start } from './start.ts';
import { revisionOf } from './state.ts';
import type { Deployment, RevisionRef, Retry } from './state.ts';

/** Looks whether what is being applied was read back, refused, or not answered in time. */
export function settleApplying(draft: Draft): void {
  const deployment = draft.applying;
  if (deployment === undefined || deployment.phase.kind !== 'applying') return;
  const { gateways } = deployment.settings;
  if (gateways.every((name) => draft.inSync(name))) {
    goLive(draft, deployment);
    return;
  }
  const refused = gateways
    .map((name) => ({ name, problems: problemsOf(draft, name) }))
    .filter(({ problems }) => problems.length > 0);
  if (refused.length > 0) fail(draft, deployment, 'refused', refused);
  else if (draft.now >= deployment.phase.deadlineAt) {
    const silent = gateways
      .filter((name) => !draft.inSync(name))
      .map((name) => ({ name, problems: [silence(draft, name)] }));
    fail(draft, deployment, 'timeout', silent);
  }
}

/** Tries a failed deployment again: after a refusal when it is due, after a time-out once the gateways answer again. */
export function settleRetry(draft: Draft): void {
  const { retry } = draft.state;
  if (retry === null || draft.now < retry.dueAt || draft.applying !== undefined) return;
  const failed = draft.find(retry.of);
  if (failed === undefined) {
    draft.set(draft.state, { retry: null });
    return;
  }
  if (retry.reason === 'timeout' && !failed.settings.gateways.every((name) => answers(draft, name))) return;
  const attempt = failed.attempt + 1;
  const id = idOf('retry', failed.id, attempt);
  draft.set(draft.state, { retry: null });
  if (draft.find(id) !== undefined) return;
  const again: Deployment = {
    ...structuredClone(failed),
    id,
    attempt,
    createdAt: draft.now,
    phase: { kind: 'waiting', reason: 'turn', dueAt: null },
    detail: '',
    previous: null,
    ran: null,
    contentOf: id,
    verdict: null,
    bad: false,
  };
  start(draft, draft.add(again));
}

/** Whatever it said: it is there, and has seen the latest target. */
function answers(draft: Draft, name: string): boolean {
  return draft.observationOf(name)?.generation === draft.gateway(name)?.generation;
}

function goLive(draft: Draft, deployment: Deployment): void {
  const { now } = draft;
  const former = draft.live;
  const sameContent = former !== undefined && former.snapshot === deployment.snapshot;
  if (former !== undefined) {
    if (former.ran !== null) draft.set(former.ran, { until: now });
    if (deployment.rollback?.of === former.id) {
      draft.move(former, { kind: 'rolled-back', endedAt: now }, deployment.rollback.detail);
    } else draft.supersede(former, `${shortCommit(deployment.commit)} went live after it`);
  }
  const seen = deployment.settings.gateways.map((name) => ({ name, observation: draft.observationOf(name)! }));
  const own = seen.filter(({ name }) => draft.gateway(name)!.deployment === deployment.id);
  draft.set(deployment, {
    ran: { since: now, until: null },
    times: completeTimes(deployment.times, own),
    ...(sameContent ? { contentOf: former.contentOf, verdict: former.verdict, bad: former.bad } : {}),
  });
  draft.move(
    deployment,
    { kind: 'live', since: now },
    own.length === 0
      ? 'changes nothing that a gateway sees'
      : `read back from ${seen.map(({ name }) => name).join(', ')}`,
  );
  const { rollback } = deployment;
  if (rollback !== null) {
    const reportedAt = Math.max(rollback.decidedAt, ...seen.map(({ observation }) => observation.reportedAt));
    draft.publish({
      kind: 'rolled-back',
      deployment: deployment.id,
      data: {
        environment: draft.state.name,
        source: deployment.source,
        ref: deployment.ref,
        deployment: deployment.id,
        from: rollback.from,
        to: revisionOf(deployment),
        reason: rollback.reason,
        detail: rollback.detail,
        decidedAt: draft.instant(rollback.decidedAt),
        reportedAt: draft.instant(reportedAt),
      },
    });
    return;
  }
  draft.publish({
    kind: 'deployed',
    deployment: deployment.id,
    data: {
      ...identityOf(draft, deployment),
      cause: deployment.cause,
      snapshot: deployment.snapshot,
      previous: former === undefined ? null : revisionOf(former),
      gateways: seen.map(({ name, observation }) => ({
        name,
        generation: observation.generation,
        reportedAt: draft.instant(observation.reportedAt),
      })),
      analysis: deployment.settings.analysis,
      times: deployment.times,
    },
  });
  if (deployment.bad) leaveBadContent(draft, deployment);
}

/** The content was judged worse while another commit with the same content was on its way. */
function leaveBadContent(draft: Draft, live: Deployment): void {
  const to = knownGood(draft, [live.snapshot]);
  if (to === undefined) return;
  const detail = 'the same content was judged worse before';
  startRollback(draft, { id: idOf('refuge', live.id, to.id), from: live, to, reason: 'verdict', detail });
}

/** Ends a deployment that did not come live and puts the environment back. A rollback is never put back to what is bad. */
function fail(draft: Draft, deployment: Deployment, reason: Retry['reason'], gateways: Failure[]): void {
  const { now, live } = draft;
  const said = gateways.map(({ name, problems }) => `${name}: ${problems.map(({ message }) => message).join('; ')}`);
  draft.move(deployment, { kind: 'failed', endedAt: now, reason }, `${reason}: ${said.join(' | ')}`.slice(0, 2000));
  const refuge = deployment.rollback === null && live?.bad === true ? knownGood(draft, [live.snapshot]) : undefined;
  const restored = deployment.rollback !== null ? revisionOf(deployment) : revisionOrNull(refuge ?? live);
  draft.publish({
    kind: 'deployment-failed',
    deployment: deployment.id,
    data: {
      ...identityOf(draft, deployment),
      cause: deployment.cause,
      snapshot: deployment.snapshot,
      restored,
      reason,
      gateways,
    },
  });
  if (deployment.rollback === null && live !== undefined) {
    if (refuge !== undefined) {
      startRollback(draft, {
        id: idOf('refuge', deployment.id, live.id),
        from: live,
        to: refuge,
        reason: 'verdict',
        detail: `its traffic got worse, and ${shortCommit(deployment.commit)} that should have followed failed`,
      });
      return;
    }
    for (const name of live.settings.gateways) {
      if (draft.gateway(name)?.snapshot !== live.snapshot) draft.aim(name, live.snapshot, live.id);
    }
  }
  scheduleRetry(draft, deployment, reason);
}

function scheduleRetry(draft: Draft, deployment: Deployment, reason: Retry['reason']): void {
  const { limits } = draft.context;
  if (reason === 'refused' && deployment.attempt >= limits.refusedAttempts) return;
  const waitMs = Math.min(limits.retryMaxMs, limits.retryMs * 2 ** Math.min(deployment.attempt - 1, 20));
  draft.set(draft.state, { retry: { of: deployment.id, reason, dueAt: draft.now + waitMs } });
}

interface Failure {
  name: string;
  problems: Problem[];
}

function problemsOf(draft: Draft, name: string): Problem[] {
  const target = draft.gateway(name);
  const seen = draft.observationOf(name);
  return target !== undefined && seen?.generation === target.generation ? [...seen.problems] : [];
}

function silence(draft: Draft, name: string): Problem {
  const { applyTimeoutMs } = draft.context.limits;
  const seen = draft.observationOf(name);
  const last = seen === undefined ? 'it never reported' : `its last report is of generation ${seen.generation}`;
  return {
    unit: null,
    message: `did not answer generation ${draft.gateway(name)?.generation} within ${applyTimeoutMs} ms; ${last}`,
  };
}

function revisionOrNull(deployment: Deployment | undefined): RevisionRef | null {
  return deployment === undefined ? null : revisionOf(deployment);
}

type Seen = { observation: { times: StageTimes; reportedAt: number; desiredAt: number | null } }[];

/** The slowest gateway decides: a stage has ended when it has ended everywhere. */
function completeTimes(times: StageTimes, seen: Seen): StageTimes {
  const latest = (instants: (string | undefined)[]) =>
    instants
      .filter((at) => at !== undefined)
      .sort()
      .at(-1);
  const desiredAt = latest(
    seen.map(({ observation: { desiredAt: at } }) => (at === null ? undefined : new Date(at).toISOString())),
  );
  const renderedAt = latest(seen.map(({ observation }) => observation.times.renderedAt));
  const appliedAt = latest(seen.map(({ observation }) => observation.times.appliedAt));
  const reportedAt = latest(
    seen.map(({ observation }) => observation.times.reportedAt ?? new Date(observation.reportedAt).toISOString()),
  );
  return {
    ...times,
    ...(desiredAt === undefined ? {} : { desiredAt }),
    ...(renderedAt === undefined ? {} : { renderedAt }),
    ...(appliedAt === undefined ? {} : { appliedAt }),
    ...(reportedAt === undefined ? {} : { reportedAt }),
  };
}
