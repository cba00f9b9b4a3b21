import type { Example } from '../example.ts';
import type { GuardrailSpec } from '../guardrail.ts';

/** A rule of the starter library: what a RuleSet takes in by `use: <id>`. */
export interface StarterRule extends GuardrailSpec {
  readonly hint: string;
  /** Why anybody would want it. */
  readonly rationale: string;
  /** As in `OWASP API4:2023`. */
  readonly references?: readonly string[];
  readonly examples: { readonly pass: readonly Example[]; readonly fail: readonly Example[] };
}
