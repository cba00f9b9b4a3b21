import { operationRules } from './rules/operation-rules.ts';
import { requestRules } from './rules/request-rules.ts';
import { responseRules } from './rules/response-rules.ts';
import type { Rule } from './rules/rule.ts';

/** Every id that can be reported, in alphabetical order. */
export const rules: readonly Rule[] = [...operationRules, ...requestRules, ...responseRules].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleOf(id: string): Rule | undefined {
  return byId.get(id);
}
