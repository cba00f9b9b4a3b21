import { integerVariable, loadConfig, urlVariable } from '@gitway/config';
import { z } from 'zod';

const portVariable = integerVariable({ min: 0, max: 65535, default: 0 });

/** The environment of the example Git server. */
export const gitServerConfig = () =>
  loadConfig(
    z.object({
      EXAMPLE_HOST: z.string().default('127.0.0.1'),
      EXAMPLE_GIT_PORT: portVariable.describe('the port to listen on, 0 for a free one'),
      EXAMPLE_GIT_DIR: z.string().describe('the folder of the bare repositories'),
      EXAMPLE_GIT_TOKEN: z.string().min(16, 'must have at least 16 characters').describe('what a push has to carry'),
      EXAMPLE_GIT_REPOSITORIES: z
        .string()
        .default('platform')
        .describe('repositories to make when they are missing, with commas between them'),
      EXAMPLE_WEBHOOK_URL: urlVariable('http', 'https').optional().describe('where pushes are told'),
      EXAMPLE_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
      PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
    }),
  );

/** The environment of an example upstream. */
export const upstreamConfig = () =>
  loadConfig(
    z.object({
      EXAMPLE_HOST: z.string().default('127.0.0.1'),
      EXAMPLE_UPSTREAM_NAME: z.string().default('upstream').describe('the name that its answers carry'),
      EXAMPLE_UPSTREAM_PORT: portVariable.describe('the port that answers well, 0 for a free one'),
      EXAMPLE_UPSTREAM_BROKEN_PORT: portVariable.describe('the port that answers 500, 0 for a free one'),
    }),
  );
