import type { Finding, Severity } from '@gitway/contracts';
import type { CompiledExpression } from './language/compile-expression.ts';
import type { GuardrailKind } from './language/types.ts';
import type { Message } from './message.ts';

/** Which units a guardrail looks at. What is not given does not choose. */
export interface AppliesTo {
  readonly kind: GuardrailKind;
  /** Names of environments. */
  readonly environments?: readonly string[];
  /** Of an Api only. */
  readonly lifecycle?: readonly string[];
  /** Of an Api only. */
  readonly visibility?: readonly string[];
  /** Of an Api only: every one of these labels must be there with this value. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A rule as people write it. */
export interface GuardrailSpec {
  /** Kebab-case; the rule id of its findings. */
  readonly id: string;
  readonly severity: Severity;
  readonly appliesTo: AppliesTo;
  /** CEL of type bool: true where all is well. */
  readonly expression: string;
  /** What is wrong, in one sentence; `${…}` holds CEL. */
  readonly message: string;
  readonly hint?: string;
  /** Field of the unit that findings point at, as in `policy.rateLimit`. */
  readonly field?: string;
}

/** A rule that is known to be well-typed. */
export interface Guardrail extends GuardrailSpec {
  readonly compiled: CompiledExpression;
  readonly text: Message;
}

/** What is wrong with a rule itself, before anything was evaluated. `where.field` names the part of the rule. */
export interface ExpressionProblem extends Finding {
  readonly rule: 'guardrail-expression';
  /** The text that it is about. */
  readonly source: string;
  /** Range in `source`, in UTF-16 code units; `end` is the first one after it. */
  readonly start: number;
  readonly end: number;
}
