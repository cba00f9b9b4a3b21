export { binaryVariables, urlVariables } from './config.ts';
export { lastLines, ServerFailedError, ServerNotFoundError } from './errors.ts';
export { installAdvice } from './find/advice.ts';
export { findInstallation, findServer, type FindOptions } from './find/find-server.ts';
export { programs } from './find/programs.ts';
export { searchOrder, type Way } from './find/search-order.ts';
export { detectPlatform, type Platform } from './platform.ts';
export { freePort } from './port.ts';
export { run, type Run, type RunOptions, type RunResult } from './run.ts';
export { serverNames } from './server.ts';
export type { FoundServer, Installation, InstallationSource, OnProgress, Progress, ServerName } from './server.ts';
export { createDatabase, databaseUrl, dropDatabase } from './start/databases.ts';
export { exitedMessage, type RunningServer, type ServerExit } from './start/private-child.ts';
export { startHaproxy, type RunningHaproxy, type StartHaproxyOptions } from './start/start-haproxy.ts';
export { startNats, type RunningNats, type StartNatsOptions } from './start/start-nats.ts';
export {
  preparePostgres,
  startPostgres,
  type PreparedPostgres,
  type RunningPostgres,
  type StartPostgresOptions,
} from './start/start-postgres.ts';
export { startRedis, type RunningRedis, type StartRedisOptions } from './start/start-redis.ts';
export { removeServerData } from './start/unprivileged.ts';
