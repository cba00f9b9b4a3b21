import { digestOf } from '@gitway/contracts';
import type { Guardrail } from '@gitway/guardrails';
import type { CompiledWorkspace } from '../workspace.ts';

/** By rule: a digest of all that decides what it finds in an environment, and how grave that is. */
export function ruleDigests(
  { guardrails, verdicts }: Pick<CompiledWorkspace, 'guardrails' | 'verdicts'>,
  environment: string,
): Map<string, string> {
  return new Map(
    guardrails.map(({ id, expression, appliesTo }) => [
      id,
      digestOf({ expression, appliesTo, opinions: verdicts.levels.opinionsOn(id, environment) }),
    ]),
  );
}

/** Rules that say something else than those whose digests are known, or are new. */
export function changedRules(
  guardrails: readonly Guardrail[],
  digests: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): Guardrail[] {
  return guardrails.filter(({ id }) => digests.get(id) !== known.get(id));
}
