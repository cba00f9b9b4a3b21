import { start } from './start.ts';
import type { Input } from './decision.ts';
import type { Draft } from './draft.ts';
import { idOf, shortCommit } from './identity.ts';
import { isCandidate, isPinnedBad } from './state.ts';
import type { Deployment } from './state.ts';

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

/** The same commit detected at the same time is the same candidate, however often it is told. */
export function candidateIdOf(
  environment: string,
  {
    source,
    ref,
    commit,
    snapshot,
    order,
  }: Pick<InputOf<'candidate'>, 'source' | 'ref' | 'commit' | 'snapshot' | 'order'>,
): string {
  return idOf('commit', environment, source, ref, commit, snapshot, order);
}

/** A commit that compiles for the environment. The newest of a ref wins; it takes the place of one that waits. */
export function acceptCandidate(draft: Draft, input: InputOf<'candidate'>): void {
  const { state } = draft;
  const { source, ref, commit, snapshot, order, settings, times } = input;
  const id = candidateIdOf(state.name, input);
  if (draft.find(id) !== undefined) return;
  const deployment = draft.add(
    newDeployment(draft, {
      id,
      source,
      ref,
      commit,
      snapshot,
      order,
      settings,
      times,
      cause: settings.promoteFrom === null ? 'commit' : 'promotion',
      skipsGates: false,
    }),
  );
  const head = `${source} ${ref}`;
  if (order < (state.heads[head] ?? Number.NEGATIVE_INFINITY)) {
    draft.supersede(deployment, 'a newer commit of the same ref was validated before it');
    return;
  }
  draft.set(state, { heads: { ...state.heads, [head]: order } });
  if (isPinnedBad(state.pin, snapshot)) {
    draft.supersede(
      deployment,
      `refused: the environment is pinned, this content was taken back (${state.pin!.reason})`,
    );
    return;
  }
  if (input.writtenBack && isOtherThanAskedFor(draft, snapshot)) {
    draft.supersede(
      deployment,
      'the platform wrote it back after a rollback that a person asked for, and it has other content than what was asked for: the environment stays pinned until somebody pushes',
    );
    return;
  }
  for (const other of state.deployments) {
    if (other !== deployment && isCandidate(other))
      draft.supersede(other, `replaced by ${shortCommit(commit)} while it waited`);
  }
}

/**
 * A person chose what the pinned environment runs. Where more than the bad commit lay between it and the head of Git,
 * the platform's own revert does not bring it back exactly, and must not undo that choice by itself.
 */
function isOtherThanAskedFor(draft: Draft, snapshot: string): boolean {
  const held = draft.applying ?? draft.live;
  return draft.state.pin !== null && held?.rollback?.reason === 'command' && held.snapshot !== snapshot;
}

export const deployIdOf = (environment: string, request: string) => idOf('deploy', environment, request);

/** A person wants a commit now: its gates are skipped, a pin is not. */
export function acceptDeployCommand(draft: Draft, input: InputOf<'deploy'>): void {
  const { state } = draft;
  const id = deployIdOf(state.name, input.request);
  if (draft.find(id) !== undefined) return;
  const basis = state.deployments.findLast(({ commit }) => commit === input.commit);
  if (basis === undefined) {
    return draft.refuse('deploy', input, `${shortCommit(input.commit)} was never validated here`);
  }
  const { source, ref, commit, snapshot, order, settings, times } = basis;
  const deployment = draft.add(
    newDeployment(draft, {
      id,
      source,
      ref,
      commit,
      snapshot,
      order,
      settings,
      times,
      cause: 'command',
      skipsGates: true,
    }),
  );
  if (draft.applying?.rollback != null) {
    const why = 'a rollback is being applied; ask again when it has been read back';
    draft.supersede(deployment, `refused: ${why}`);
    return draft.refuse('deploy', input, why);
  }
  if (isPinnedBad(state.pin, snapshot)) {
    const why = `the environment is pinned, this content was taken back (${state.pin!.reason})`;
    draft.supersede(deployment, `refused: ${why}`);
    return draft.refuse('deploy', input, why);
  }
  for (const other of state.deployments) {
    if (other !== deployment && isCandidate(other) && other.order <= order) {
      draft.supersede(other, `replaced by ${shortCommit(commit)}, asked for by ${input.actor}`);
    }
  }
  start(draft, deployment);
}

/** Counts before the gates are reached as well: an approval is of the deployment, not of the moment. */
export function acceptApproval(draft: Draft, input: InputOf<'approval'>): void {
  const deployment = draft.find(input.deployment);
  if (deployment === undefined || !isCandidate(deployment)) {
    const phase = deployment === undefined ? 'is not known here' : `does not wait (${deployment.phase.kind})`;
    return draft.refuse('approve', input, `deployment ${input.deployment} ${phase}`);
  }
  if (deployment.approvals.includes(input.actor)) return;
  draft.set(deployment, { approvals: [...deployment.approvals, input.actor] });
}

type Given = Pick<
  Deployment,
  'id' | 'source' | 'ref' | 'commit' | 'snapshot' | 'order' | 'settings' | 'times' | 'cause' | 'skipsGates'
>;

export function newDeployment(draft: Draft, given: Given, rollback: Deployment['rollback'] = null): Deployment {
  const { receivedAt, detectedAt, validatedAt } = given.times;
  return {
    ...given,
    times: {
      ...(receivedAt === undefined ? {} : { receivedAt }),
      ...(detectedAt === undefined ? {} : { detectedAt }),
      ...(validatedAt === undefined ? {} : { validatedAt }),
    },
    rollback,
    createdAt: draft.now,
    attempt: 1,
    phase: { kind: 'waiting', reason: 'turn', dueAt: null },
    detail: '',
    approvals: [],
    previous: null,
    ran: null,
    contentOf: given.id,
    verdict: null,
    bad: false,
  };
}
