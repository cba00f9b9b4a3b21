export { breakingChanges } from './breaking-changes.ts';
export { operationsConcerned } from './operations-concerned.ts';
export type { BreakingChange, BreakingOptions, Level, OperationKey } from './change.ts';
export { rules as breakingRules, ruleOf as breakingRuleOf } from './registry.ts';
export type { Rule as BreakingRule } from './rules/rule.ts';
