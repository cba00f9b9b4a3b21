import { databaseConfigShape, durationVariable, jobsConfigShape, loadConfig, serviceConfigShape } from '@gitway/config';
import { z } from 'zod';

export const analyticsConfigSchema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  ...jobsConfigShape,
  /** How far back before a deployment its baseline reaches. */
  GITWAY_BASELINE_WINDOW: durationVariable('10m'),
  /** How often what a lost job would have woken is looked for, and closed minutes are summarised. */
  GITWAY_SWEEP_INTERVAL: durationVariable('5s'),
  /** Counts per minute are kept this long. */
  GITWAY_USAGE_RETENTION: durationVariable('30d'),
  /** Latencies per ten seconds are kept this long; longer than any analysis window and baseline. */
  GITWAY_SAMPLE_RETENTION: durationVariable('2d'),
});
export type AnalyticsConfig = z.infer<typeof analyticsConfigSchema>;

export const loadAnalyticsConfig = (env?: NodeJS.ProcessEnv): AnalyticsConfig => loadConfig(analyticsConfigSchema, env);
