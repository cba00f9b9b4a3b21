import { loadConfig } from '@gitway/config';
import { z } from 'zod';

const schema = z.object({
  GITWAY_URL: z.string().optional(),
  GITWAY_TOKEN: z.string().optional(),
  NO_COLOR: z.string().optional(),
  FORCE_COLOR: z.string().optional(),
  COLUMNS: z.string().optional(),
});
export type CliEnvironment = z.infer<typeof schema>;

export const loadCliEnvironment = (env?: NodeJS.ProcessEnv): CliEnvironment => loadConfig(schema, env);
