import { durationVariable, integerVariable, loadConfig } from '@gitway/config';
import { z } from 'zod';

const schema = z.object({
  GITWAY_URL: z.string().optional(),
  GITWAY_TOKEN: z.string().optional(),
  NO_COLOR: z.string().optional(),
  FORCE_COLOR: z.string().optional(),
  GITWAY_CACHE_DIR: z.string().min(1).optional(),
  GITWAY_DOCUMENT_TIME_LIMIT: durationVariable('60s'),
  GITWAY_DOCUMENT_MEMORY_MB: integerVariable({ min: 64, max: 16_384, default: 1_024 }),
  XDG_CACHE_HOME: z.string().optional(),
  HOME: z.string().optional(),
  COLUMNS: z.string().optional(),
});
/** With every default filled in. */
export type CliSettings = z.infer<typeof schema>;
export type CliEnvironment = Partial<CliSettings>;

export const loadCliEnvironment = (env?: NodeJS.ProcessEnv): CliSettings => loadConfig(schema, env);
