// Logs are silent in tests; `GITWAY_TEST_LOG=debug npm test` shows them.
globalThis[Symbol.for('gitway.log-level')] = process.env.GITWAY_TEST_LOG ?? 'silent';
