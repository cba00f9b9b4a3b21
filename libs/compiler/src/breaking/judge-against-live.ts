import type { EnvironmentOutcome } from '../environment/compile-environment.ts';
import type { CompileOptions } from '../workspace.ts';
import { judgeBreaking, type BreakingContext } from './judge-breaking.ts';

/** An environment's outcome with what its changes break. One that is refused already is not compared. */
export async function judgeAgainstLive(
  outcome: EnvironmentOutcome,
  live: CompileOptions['live'],
  context: Omit<BreakingContext, 'accepted'>,
): Promise<EnvironmentOutcome> {
  if (live === undefined || outcome.findings.hasErrors) return outcome;
  const base = await live(outcome.name);
  if (base === null) return outcome;
  const accepted: string[] = [];
  const circumstances = { ...context, accepted };
  const found = await judgeBreaking(outcome.name, base, outcome.apis, outcome.units.values(), circumstances);
  if (found.length === 0) return outcome;
  const judged = outcome.judge(found);
  outcome.findings.add(judged.findings);
  return { ...outcome, suppressed: [...outcome.suppressed, ...judged.suppressed], accepted };
}
