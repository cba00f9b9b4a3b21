export { Clock, SystemClock } from './clock.ts';
export { openDatabase } from './open-database.ts';
export { runMain } from './run-main.ts';
export { ServiceModule, type ServiceOptions } from './service.module.ts';
export { createService, type RunningService, startService, type StartOptions } from './start-service.ts';
export { CONFIG, NATS_CONNECTION, SERVICE_NAME } from './tokens.ts';
