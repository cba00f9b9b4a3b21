import type { ExpressionProblem, Guardrail, GuardrailSpec } from './guardrail.ts';
import { compileExpression } from './language/compile-expression.ts';
import { isExplanation, type Explanation } from './language/explain.ts';
import { compileMessage } from './message.ts';

/**
 * A rule that is ready to be evaluated, or what is wrong with it: syntax, names and fields that do not exist, types that
 * do not fit, patterns that RE2 does not know. Nothing is evaluated here.
 */
export function compileGuardrail(spec: GuardrailSpec): Guardrail | ExpressionProblem[] {
  const { kind } = spec.appliesTo;
  const problems: ExpressionProblem[] = [];
  const report = (field: 'expression' | 'message', { message, hint, start, end }: Explanation) =>
    problems.push({
      rule: 'guardrail-expression',
      severity: 'error',
      where: { object: `Guardrail/${spec.id}`, field },
      message,
      ...(hint === undefined ? {} : { hint }),
      source: spec[field],
      start,
      end,
    });
  const compiled = compileExpression(spec.expression, kind);
  const text = compileMessage(spec.message, kind);
  if (isExplanation(compiled)) report('expression', compiled);
  else if (compiled.type !== 'bool') {
    const message = `The expression gives ${compiled.type}, and a guardrail must give bool.`;
    const hint = 'Compare it with something: true must mean that all is well.';
    report('expression', { message, hint, start: 0, end: spec.expression.length });
  }
  if (isExplanation(text)) report('message', text);
  if (isExplanation(compiled) || isExplanation(text) || problems.length > 0) return problems;
  return { ...spec, compiled, text };
}

export const isGuardrail = (value: Guardrail | ExpressionProblem[]): value is Guardrail => !Array.isArray(value);
