import { isAbsolute } from 'node:path';
import { durationVariable, loadConfig, serviceConfigShape } from '@gitway/config';
import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';

const listeners = z
  .string()
  .regex(/^[a-z0-9-]+=[^=,\s]+:\d{1,5}(,[a-z0-9-]+=[^=,\s]+:\d{1,5})*$/, 'must look like http=127.0.0.1:8080')
  .transform((text) => Object.fromEntries(text.split(',').map((entry) => entry.split('=') as [string, string])));

const schema = z.object({
  ...serviceConfigShape,
  GITWAY_ENVIRONMENT: nameSchema.describe('the environment whose gateway this is'),
  GITWAY_GATEWAY: nameSchema.describe('the gateway that this agent runs'),
  GITWAY_LISTENERS: listeners
    .optional()
    .describe(
      'where the gateway listens, by listener name: http=127.0.0.1:8080; others listen on their port everywhere',
    ),
  GITWAY_HAPROXY_DIR: z
    .string()
    .refine((path) => isAbsolute(path), 'must be an absolute path')
    .describe('the working directory of HAProxy: configuration, maps, sockets, access log'),
  GITWAY_HAPROXY_BIN: z.string().default('haproxy').describe('the HAProxy program'),
  GITWAY_OBSERVE_INTERVAL: durationVariable('500ms').describe('how often the gateway is read back'),
  GITWAY_REPORT_INTERVAL: durationVariable('5s').describe('how often an unchanged state is reported again'),
});

export type AgentConfig = z.infer<typeof schema>;

export const loadAgentConfig = (env?: NodeJS.ProcessEnv): AgentConfig => loadConfig(schema, env);
