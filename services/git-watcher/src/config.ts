import { databaseConfigShape, durationVariable, jsonVariable, loadConfig, serviceConfigShape } from '@gitway/config';
import { InvalidInputError, messageOf } from '@gitway/errors';
import { z } from 'zod';
import { sourceSettingsSchema, sourcesFrom } from './domain/source.ts';

const sources = z.array(sourceSettingsSchema).transform((settings, context) => {
  try {
    return sourcesFrom(settings);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

export const gitWatcherConfigSchema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  GITWAY_SOURCES: jsonVariable(sources).describe(
    'repositories to follow: [{"name": …, "url": …, "branches": ["main"]}]',
  ),
  GITWAY_GIT_DATA_DIR: z.string().min(1).describe('folder of the mirrors; of this process alone'),
  /** The longest that one fetch may take. */
  GITWAY_GIT_FETCH_TIMEOUT: durationVariable('10m'),
  /** How long a Git server may say nothing. */
  GITWAY_GIT_SILENCE_TIMEOUT: durationVariable('30s'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});
export type GitWatcherConfig = z.infer<typeof gitWatcherConfigSchema>;

export const loadGitWatcherConfig = (env?: NodeJS.ProcessEnv): GitWatcherConfig =>
  loadConfig(gitWatcherConfigSchema, env);
