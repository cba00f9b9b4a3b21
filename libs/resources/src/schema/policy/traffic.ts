import { z } from 'zod';
import { nameSchema } from '@gitway/contracts';
import { duration, fieldToken, httpMethod, unique } from '../common.ts';

export const timeoutSchema = z
  .strictObject({
    request: duration("Until the upstream's answer begins; 30s when not given.", { maxMs: 3_600_000 }).optional(),
    connect: duration('Until the connection to the upstream stands; 5s when not given.', { maxMs: 60_000 }).optional(),
    idle: duration('Longest silence of a WebSocket or a stream.', { maxMs: 86_400_000 }).optional(),
  })
  .describe('How long the gateway waits.');

export const retriesSpecSchema = z
  .strictObject({
    attempts: z.int().min(1).max(10).describe('Tries beyond the first.'),
    on: unique(z.enum(['connect-failure', 'no-answer', 'timeout', '500', '502', '503', '504', '429']), 8)
      .min(1)
      .describe('What is tried again; [connect-failure] when not given.')
      .optional(),
    methods: unique(httpMethod, 10)
      .min(1)
      .describe('Methods that are tried again; those that change nothing (GET, HEAD, OPTIONS) when not given.')
      .optional(),
    perTry: duration('Longest wait in one try; that of the request when not given.', { maxMs: 3_600_000 }).optional(),
  })
  .describe('What is tried again.');

export const circuitBreakerSpecSchema = z
  .strictObject({
    failures: z.int().min(1).max(10_000).describe('Failures in a row after which a target is left alone.'),
    on: unique(z.enum(['connect-failure', 'timeout', '5xx', '429']), 4)
      .min(1)
      .describe('What a failure is; [connect-failure, 5xx] when not given.')
      .optional(),
    openFor: duration('How long it is left alone; 10s when not given.', { maxMs: 3_600_000 }).optional(),
  })
  .describe('When an upstream is spared.');

export const loadBalancingSpecSchema = z
  .strictObject({
    algorithm: z
      .enum(['round-robin', 'least-connections', 'random', 'hash'])
      .describe('How a target is chosen; round-robin when not given.')
      .optional(),
    hash: z
      .strictObject({
        by: z.enum(['ip', 'consumer', 'path', 'header', 'cookie']).describe('What calls of one target share.'),
        name: fieldToken('Name of the header or cookie.').optional(),
      })
      .refine(({ by, name }) => (by === 'header' || by === 'cookie') === (name !== undefined), {
        message: 'belongs to `by: header` or `by: cookie`, and is required with them',
        path: ['name'],
      })
      .describe('Only with `algorithm: hash`.')
      .optional(),
    sticky: z
      .strictObject({
        cookie: fieldToken('Cookie that the gateway sets.'),
        lifetime: duration('How long it is kept; until the browser closes when not given.').optional(),
      })
      .describe('Keeps a caller at one target.')
      .optional(),
  })
  .refine(({ algorithm, hash }) => (algorithm === 'hash') === (hash !== undefined), {
    message: 'belongs to `algorithm: hash`, and is required with it',
    path: ['hash'],
  })
  .describe('How calls are shared among targets.');

export const canarySpecSchema = z
  .strictObject({
    pool: nameSchema.describe('Pool of the API that these calls go to.'),
    match: z
      .array(
        z.strictObject({
          in: z.enum(['header', 'cookie']).describe('Where the mark stands.'),
          name: fieldToken('Name of the header or cookie.'),
          value: z.string().min(1).max(500).describe('Its value; any when not given.').optional(),
        }),
      )
      .max(20)
      .describe('Calls that go there whatever the weights say: those that carry one of these.')
      .optional(),
    sticky: z
      .enum(['consumer', 'ip', 'none'])
      .describe('What keeps a caller on the side that the weights gave it; consumer when not given.')
      .optional(),
  })
  .describe('How a new version of the upstream is tried.');

export const mirrorSpecSchema = z
  .strictObject({
    pool: nameSchema.describe('Pool of the API that gets copies; its answers are dropped.'),
    percent: z.int().min(1).max(100).describe('Share of the calls that are copied; 100 when not given.').optional(),
  })
  .describe('Copies calls to another pool.');

export type TimeoutSpec = z.infer<typeof timeoutSchema>;
export type RetriesSpec = z.infer<typeof retriesSpecSchema>;
