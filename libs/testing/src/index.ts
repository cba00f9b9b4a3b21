export { testInstallation } from './backends/local-backend.ts';
export { tempDir } from './temp-dir.ts';
export { TestClock } from './test-clock.ts';
export { useHaproxy, type TestHaproxy } from './use-haproxy.ts';
export { useNats, type TestNats, type UseNatsOptions } from './use-nats.ts';
export { usePostgres, type TestPostgres } from './use-postgres.ts';
export { useRedis, type TestRedis } from './use-redis.ts';
export { waitFor, type WaitOptions } from './wait-for.ts';
