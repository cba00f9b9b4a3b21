export { afterCommit } from './after-commit.ts';
export { createDataSource, type DataSourceOptions } from './data-source.ts';
export { lockInTransaction, lockNumber } from './locks.ts';
export { isDatabaseUnavailable } from './unavailable.ts';
