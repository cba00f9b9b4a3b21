export * from './plan-changes.ts';
export type { PlannedState, Usage, UsageOf } from './reach.ts';
export type { TakesOf } from './group.ts';
export * from './render/text.ts';
export * from './render/markdown.ts';
export * from './render/json.ts';
