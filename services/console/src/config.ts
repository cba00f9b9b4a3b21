import { createHash } from 'node:crypto';
import {
  databaseConfigShape,
  durationVariable,
  integerVariable,
  jsonVariable,
  loadConfig,
  serviceConfigShape,
} from '@gitway/config';
import { owners } from '@gitway/contracts';
import { z } from 'zod';
import { roles } from './domain/access.ts';

const tokenSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: z.enum(roles),
    token: z.string().min(16, 'must have at least 16 characters').max(500).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token, 64 lower-case hex digits')
      .optional(),
  })
  .refine((entry) => (entry.token === undefined) !== (entry.sha256 === undefined), 'needs either token or sha256')
  .transform(({ name, role, token, sha256 }) => ({
    name,
    role,
    sha256: sha256 ?? createHash('sha256').update(token!).digest('hex'),
  }));

const serviceUrls = z.partialRecord(
  z.enum(owners),
  z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).transform((url) => url.replace(/\/+$/, '')),
);

export const consoleConfigSchema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  GITWAY_CONSOLE_TOKENS: jsonVariable(
    z
      .array(tokenSchema)
      .min(1, 'must name at least one token')
      .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'has one name twice')
      .refine((list) => new Set(list.map(({ sha256 }) => sha256)).size === list.length, 'has one token twice'),
  ).describe('who may come in: [{"name": …, "token": … or "sha256": …, "role": "viewer" or "operator"}]'),
  GITWAY_SERVICE_URLS: jsonVariable(serviceUrls).describe(
    'where the services listen: {"deployer": "http://127.0.0.1:8103", …}',
  ),
  /** How long a service may take to answer a query. */
  GITWAY_UPSTREAM_TIMEOUT: durationVariable('5s'),
  /** Facts kept for `/api/events` to start from. */
  GITWAY_EVENTS_KEPT: integerVariable({ min: 100, max: 10_000_000, default: 10_000 }),
  GITWAY_EVENTS_KEPT_FOR: durationVariable('7d'),
  GITWAY_EVENTS_HEARTBEAT: durationVariable('15s'),
  /** A reader that takes nothing for this long is dropped; it may come back with its last id. */
  GITWAY_EVENTS_STALL: durationVariable('30s'),
});
export type ConsoleConfig = z.infer<typeof consoleConfigSchema>;

export const loadConsoleConfig = (env?: NodeJS.ProcessEnv): ConsoleConfig => loadConfig(consoleConfigSchema, env);
