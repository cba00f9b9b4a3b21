export * from './plan-changes.ts';
export type { PlannedState, Usage, UsageOf } from './reach.ts';
export type { TakesOf } from './group.ts';
export { describeAuth, either } from './words/auth.ts';
export { describeLimits } from './words/limits.ts';
export { diffOperations } from './units/operations.ts';
export * from './render/text.ts';
export * from './render/markdown.ts';
export * from './render/json.ts';
