export * from './workspace.ts';
export * from './memory-cache.ts';
export * from './findings.ts';
export * from './compile-workspace.ts';
export * from './render-findings.ts';
export { resolvePath, ignoreMatcher } from './paths.ts';
export { parseUpstreamUrl } from './environment/upstream-url.ts';
export { defaultPolicy, mergePolicies } from './environment/merge-policies.ts';
export * from './rules/index.ts';
