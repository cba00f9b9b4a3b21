import { InternalError } from '@gitway/errors';
import { compileGuardrail, isGuardrail } from './compile-guardrail.ts';
import type { Guardrail } from './guardrail.ts';
import { starterRuleOf } from './starter/index.ts';

const compiled = new Map<string, Guardrail>();

/** A rule of the starter library, ready to be evaluated; always the same object, so that what it said is kept. */
export function starterGuardrailOf(id: string): Guardrail | undefined {
  const kept = compiled.get(id);
  const rule = starterRuleOf(id);
  if (kept !== undefined || rule === undefined) return kept;
  const guardrail = compileGuardrail(rule);
  if (!isGuardrail(guardrail)) {
    throw new InternalError('starter-rule', `The starter rule ${id} does not compile: ${guardrail[0]!.message}`);
  }
  compiled.set(id, guardrail);
  return guardrail;
}
