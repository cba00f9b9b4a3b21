import type { Unit } from '@gitway/contracts';
import { compileGuardrail, isGuardrail } from '../compile-guardrail.ts';
import { unitsOfExample, type Example } from '../example.ts';
import type { ExpressionProblem, Guardrail, GuardrailSpec } from '../guardrail.ts';

export const spec = (expression: string, more: Partial<GuardrailSpec> = {}): GuardrailSpec => ({
  id: 'own-rule',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  expression,
  message: 'Something is wrong.',
  ...more,
});

export function ruleOf(expression: string, more: Partial<GuardrailSpec> = {}): Guardrail {
  const compiled = compileGuardrail(spec(expression, more));
  if (!isGuardrail(compiled)) throw new Error(compiled.map(({ message }) => message).join(' '));
  return compiled;
}

export function problemOf(expression: string, more: Partial<GuardrailSpec> = {}): ExpressionProblem {
  const compiled = compileGuardrail(spec(expression, more));
  if (isGuardrail(compiled)) throw new Error(`${expression} is fine`);
  return compiled[0]!;
}

export const unitsOf = (example: Example): Unit[] => unitsOfExample('Api', example).units;
export const scope = { environment: 'production', now: new Date('2026-01-01T00:00:00.000Z') };
