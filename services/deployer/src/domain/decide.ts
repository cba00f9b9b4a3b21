import { acceptApproval, acceptCandidate, acceptDeployCommand } from './candidates.ts';
import type { Context, Input, Outcome } from './decision.ts';
import { settleApplying, settleRetry } from './settle.ts';
import { acceptDriftObserved, settleDrift } from './drift.ts';
import { Draft } from './draft.ts';
import { settleCandidate } from './gates.ts';
import { acceptRollbackCommand, acceptVerdict } from './rollback.ts';
import type { EnvironmentState } from './state.ts';
import { wakeAtOf } from './wake.ts';

/**
 * Decides what an environment does about one input. Pure: the time, what the gateways reported and how the parent
 * environment stands are passed in. An input that was handled before changes nothing.
 */
export function decide(before: EnvironmentState, input: Input, context: Context): Outcome {
  const draft = new Draft(before, context);
  accept(draft, input);
  settle(draft);
  return {
    state: draft.state,
    facts: draft.facts,
    notes: draft.notes,
    wakeAt: wakeAtOf(draft.state, context.now),
    changed: draft.changes > 0,
  };
}

function accept(draft: Draft, input: Input): void {
  switch (input.kind) {
    case 'candidate':
      return acceptCandidate(draft, input);
    case 'deploy':
      return acceptDeployCommand(draft, input);
    case 'approval':
      return acceptApproval(draft, input);
    case 'verdict':
      return acceptVerdict(draft, input);
    case 'rollback':
      return acceptRollbackCommand(draft, input);
    case 'drift-observed':
      return acceptDriftObserved(draft, input);
    case 'desired-ahead':
      return acceptDesiredAhead(draft, input);
    case 'look':
      return;
  }
}

/** One step may make the next possible (a rollback that ends frees the candidate behind it), so until nothing moves. */
function settle(draft: Draft): void {
  for (let round = 0; round < 20; round += 1) {
    const before = draft.changes;
    settleApplying(draft);
    settleCandidate(draft);
    settleRetry(draft);
    settleDrift(draft);
    if (draft.changes === before) return;
  }
}

/** What is written wins over what is found, but only with a generation that an agent will take for newer. */
function acceptDesiredAhead(draft: Draft, input: Extract<Input, { kind: 'desired-ahead' }>): void {
  const target = draft.gateway(input.gateway);
  if (target === undefined || target.generation > input.generation) return;
  if (target.generation === input.generation && target.snapshot === input.snapshot) return;
  draft.notes.push(`desired of ${input.gateway} was at generation ${input.generation}: written again above it`);
  draft.set(target, { generation: input.generation + 1 });
}
