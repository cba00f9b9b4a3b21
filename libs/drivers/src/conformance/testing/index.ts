export * from './runner.ts';
export { haproxyRunner } from './haproxy-runner.ts';
export { type CaseOutcome, runSuite, type SuiteOptions, type SuiteReport } from './run-suite.ts';
export { describeConformance } from './describe-conformance.ts';
export { type Load, type LoadOptions, type LoadResult, type LoadTarget, startLoad } from './load.ts';
export type { WireAnswer } from './http1-client.ts';
export { headerOf } from './expectations.ts';
export { type Seen, UPSTREAM_HEADER, Upstreams } from './upstreams.ts';
