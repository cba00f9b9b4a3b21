import { z } from 'zod';
import { duration, formatted, resource, selectorSchema } from './common.ts';

const headerName = (description: string) =>
  formatted("[A-Za-z0-9!#$%&'*+.^_`|~-]+", 'must be an HTTP header name', description, 100);

export const authSchema = z
  .strictObject({
    anyOf: z
      .array(z.enum(['apiKey', 'none']))
      .length(1, 'must name exactly one way: [apiKey] or [none]')
      .describe('Ways to authenticate of which one must hold: [apiKey], or [none] to let everybody in.'),
    apiKey: z
      .strictObject({
        header: headerName('Header that carries the key; x-api-key when not given.').optional(),
        bearer: z
          .boolean()
          .describe('Also accept the key as `Authorization: Bearer <key>`; false when not given.')
          .optional(),
        query: formatted(
          '[A-Za-z0-9._~-]+',
          'must be letters, digits, ".", "_", "~" or "-"',
          'Query parameter that may carry the key.',
          100,
        ).optional(),
      })
      .describe('Where a key may stand.')
      .optional(),
  })
  .refine((auth) => !(auth.anyOf[0] === 'none' && auth.apiKey !== undefined), {
    message: 'is set, but `anyOf: [none]` asks for no key',
    path: ['apiKey'],
  })
  .describe('Who may call.');

export const rateLimitSpecSchema = z
  .strictObject({
    requests: z.int().min(1).max(1_000_000_000).describe('Calls allowed in one window.'),
    per: z.enum(['second', 'minute', 'hour', 'day']).describe('Length of the fixed window.'),
    by: z
      .enum(['consumer', 'ip', 'api'])
      .describe(
        'Whose calls are counted together; consumer when not given (the client address where nobody is authenticated).',
      )
      .optional(),
  })
  .describe('How many calls are let through.');

export const timeoutSchema = z
  .strictObject({
    request: duration("Until the upstream's answer begins.", { maxMs: 3_600_000 }).optional(),
    connect: duration('Until the connection to the upstream stands.', { maxMs: 60_000 }).optional(),
  })
  .describe('How long the gateway waits.');

const policyShape = {
  auth: authSchema.optional(),
  rateLimit: rateLimitSpecSchema.nullable().describe('A limit; null takes an inherited one away.').optional(),
  timeout: timeoutSchema.optional(),
};

export const policyFieldsSchema = z.strictObject(policyShape).describe('Gateway behaviour.');

export const policyResourceSchema = resource(
  'Policy',
  'A named, reusable set of gateway behaviour: attached by reference or by label selector.',
  z.strictObject({
    ...policyShape,
    selector: selectorSchema.describe('APIs that get this policy without naming it.').optional(),
    priority: z
      .int()
      .min(-1000)
      .max(1000)
      .describe('Order among selector matches: a higher one is merged later and wins; 0 when not given.')
      .optional(),
  }),
);

export type AuthSpec = z.infer<typeof authSchema>;
export type RateLimitSpec = z.infer<typeof rateLimitSpecSchema>;
export type PolicyFields = z.infer<typeof policyFieldsSchema>;
export type PolicyResource = z.infer<typeof policyResourceSchema>;
