export * from './runner.ts';
export { haproxyRunner } from './haproxy-runner.ts';
export { type CaseOutcome, runSuite, type SuiteOptions, type SuiteReport } from './run-suite.ts';
export { describeConformance } from './describe-conformance.ts';
