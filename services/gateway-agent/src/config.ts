import { isAbsolute } from 'node:path';
import { durationVariable, loadConfig, serviceConfigShape } from '@gitway/config';
import { nameSchema } from '@gitway/contracts';
import type { Peers } from '@gitway/drivers';
import { InvalidInputError } from '@gitway/errors';
import { z } from 'zod';

const listeners = z
  .string()
  .regex(/^[a-z0-9-]+=[^=,\s]+:\d{1,5}(,[a-z0-9-]+=[^=,\s]+:\d{1,5})*$/, 'must look like http=127.0.0.1:8080')
  .transform((text) => Object.fromEntries(text.split(',').map((entry) => entry.split('=') as [string, string])));

const peers = z
  .string()
  .regex(/^[a-z0-9-]+=[^=,\s*]+:\d{1,5}(,[a-z0-9-]+=[^=,\s*]+:\d{1,5})*$/, 'must look like edge-us=10.0.0.2:10000')
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
  GITWAY_PEERS: peers
    .optional()
    .describe(
      'gateways that count limits together, this one included, and where each listens for the others: edge-eu=10.0.0.1:10000,edge-us=10.0.0.2:10000',
    ),
  GITWAY_HAPROXY_DIR: z
    .string()
    .refine((path) => isAbsolute(path), 'must be an absolute path')
    .describe('the working directory of HAProxy: configuration, maps, sockets, access log'),
  GITWAY_HAPROXY_BIN: z.string().default('haproxy').describe('the HAProxy program'),
  GITWAY_SECRETS_DIR: z
    .string()
    .refine((path) => isAbsolute(path), 'must be an absolute path')
    .optional()
    .describe('where secrets are: a folder with a file for each, as Docker and Kubernetes mount them'),
  GITWAY_SECRETS_INTERVAL: durationVariable('2s').describe('how often secrets are read again'),
  GITWAY_KEY_SETS_INTERVAL: durationVariable('5m').describe('how often key sets of token issuers are fetched again'),
  GITWAY_OBSERVE_INTERVAL: durationVariable('500ms').describe('how often the gateway is read back'),
  GITWAY_REPORT_INTERVAL: durationVariable('5s').describe('how often an unchanged state is reported again'),
});

export type AgentConfig = z.infer<typeof schema>;

export const loadAgentConfig = (env?: NodeJS.ProcessEnv): AgentConfig => loadConfig(schema, env);

/** This gateway among those that count with it; null: it counts alone. @throws InvalidInputError when it is not listed */
export function peersOf({ GITWAY_GATEWAY, GITWAY_PEERS }: AgentConfig): Peers | null {
  if (GITWAY_PEERS === undefined) return null;
  const { [GITWAY_GATEWAY]: listen, ...others } = GITWAY_PEERS;
  if (listen !== undefined) return { listen, others };
  throw new InvalidInputError('bad-config', `GITWAY_PEERS does not list this gateway, "${GITWAY_GATEWAY}"`);
}
