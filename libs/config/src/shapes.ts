import { z } from 'zod';
import { integerVariable, urlVariable } from './variables.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What every service reads. Spread into its own `z.object`. */
export const serviceConfigShape = {
  /** One URL, or several of one cluster with commas between them. */
  GITWAY_NATS_URL: z
    .string()
    .refine(
      (text) => text.split(',').every((url) => urlVariable('nats', 'tls', 'ws', 'wss').safeParse(url.trim()).success),
      {
        message: 'must be a URL as in nats://127.0.0.1:4222 (several with commas between them)',
      },
    )
    .describe('where NATS listens'),
  GITWAY_NATS_USER: z.string().optional().describe("this service's NATS user"),
  GITWAY_NATS_PASSWORD: z.string().optional().describe("the NATS user's password"),
  GITWAY_HTTP_HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free port. */
  GITWAY_HTTP_PORT: integerVariable({ min: 0, max: 65535 }).describe('the port to listen on, 0 for a free one'),
  GITWAY_INTERNAL_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .describe('the secret that services share with the console'),
  GITWAY_LOG_LEVEL: z.enum(logLevels).default('info'),
};

/** What a service with a database of its own reads. */
export const databaseConfigShape = {
  GITWAY_DATABASE_URL: urlVariable('postgres', 'postgresql').describe(
    "this service's own database, as in postgres://user:password@host:5432/name",
  ),
};

/** What a service with jobs reads: without it BullMQ works on the service's own database. */
export const jobsConfigShape = {
  REDIS_URL: urlVariable('redis', 'rediss').optional(),
};

export type ServiceConfig = z.infer<z.ZodObject<typeof serviceConfigShape>>;
export type DatabaseConfig = z.infer<z.ZodObject<typeof databaseConfigShape>>;
export type JobsConfig = z.infer<z.ZodObject<typeof jobsConfigShape>>;
