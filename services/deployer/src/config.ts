import {
  databaseConfigShape,
  durationVariable,
  integerVariable,
  jobsConfigShape,
  loadConfig,
  serviceConfigShape,
} from '@gitway/config';
import { z } from 'zod';
import { defaultLimits, type Limits } from './domain/decision.ts';

const schema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  ...jobsConfigShape,
  GITWAY_APPLY_TIMEOUT: durationVariable('30s').describe('how long gateways have to read a snapshot back'),
  GITWAY_RETRY_WAIT: durationVariable('10s').describe('before a failed deployment is tried again; doubles'),
  GITWAY_REFUSED_ATTEMPTS: integerVariable({ min: 1, max: 10, default: defaultLimits.refusedAttempts }).describe(
    'how often a snapshot that a gateway refuses is tried',
  ),
  GITWAY_SWEEP_INTERVAL: durationVariable('2s').describe(
    'how often lost wake-ups and lost desired keys are looked for',
  ),
});

export type DeployerConfig = z.infer<typeof schema>;

export const loadDeployerConfig = (env?: NodeJS.ProcessEnv): DeployerConfig =>
  env === undefined ? loadConfig(schema) : loadConfig(schema, env);

export const limitsOf = (config: DeployerConfig): Limits => ({
  ...defaultLimits,
  applyTimeoutMs: config.GITWAY_APPLY_TIMEOUT,
  retryMs: config.GITWAY_RETRY_WAIT,
  refusedAttempts: config.GITWAY_REFUSED_ATTEMPTS,
});
