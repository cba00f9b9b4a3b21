export type { AppliesTo, ExpressionProblem, Guardrail, GuardrailSpec } from './guardrail.ts';
export { compileGuardrail, isGuardrail } from './compile-guardrail.ts';
export {
  evaluateEach,
  evaluateGuardrails,
  evaluateWithPauses,
  type GuardrailScope,
  type GuardrailVerdict,
  type Subject,
} from './evaluate-guardrails.ts';
export { caret } from './caret.ts';
export { guardrailLimits } from './language/limits.ts';
export { guardrailKinds, types, variablesOf, type FieldDeclaration, type GuardrailKind } from './language/types.ts';
export { functions, methods } from './language/environment.ts';
export { unitsOfExample, type Example } from './example.ts';
export { tryExample, type ExampleOutcome } from './try-example.ts';
export * from './starter/index.ts';
export { appliesText, guardrailPage, guardrailPages } from './pages.ts';
export { starterGuardrailOf } from './starter-guardrail.ts';
export { isIp, isLinkLocal, isLoopback, isPrivate } from './language/hosts.ts';
export { nearest } from './language/suggest.ts';
