import {
  databaseConfigShape,
  durationVariable,
  integerVariable,
  jobsConfigShape,
  jsonVariable,
  loadConfig,
  serviceConfigShape,
} from '@gitway/config';
import { z } from 'zod';
import { channelsSchema } from './domain/channel-settings.ts';

export const notifierConfigSchema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  ...jobsConfigShape,
  GITWAY_CHANNELS: jsonVariable(channelsSchema)
    .optional()
    .describe('who hears of what: [{"name": …, "type": "webhook", "url": …, "secret": …, "facts": ["incident-*"]}]'),
  /** How often a notification is tried before it is given up. */
  GITWAY_DELIVERY_ATTEMPTS: integerVariable({ min: 1, max: 50, default: 8 }),
  /** Pause after the first failed attempt; doubles with each further one. */
  GITWAY_DELIVERY_BACKOFF: durationVariable('2s'),
  /** How long a receiver may take for its answer. */
  GITWAY_DELIVERY_TIMEOUT: durationVariable('10s'),
  /** How often deliveries are looked for that a lost job would have woken. */
  GITWAY_SWEEP_INTERVAL: durationVariable('5s'),
  /** How long resolved incidents and ended deliveries are kept. */
  GITWAY_HISTORY_RETENTION: durationVariable('90d'),
});
export type NotifierConfig = z.infer<typeof notifierConfigSchema>;

export const loadNotifierConfig = (env?: NodeJS.ProcessEnv): NotifierConfig => loadConfig(notifierConfigSchema, env);
