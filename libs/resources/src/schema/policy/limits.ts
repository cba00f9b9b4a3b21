import { z } from 'zod';
import { duration, headerName, size, unique, written } from '../common.ts';

const count = (description: string) => z.int().min(1).max(1_000_000_000).describe(description);

const countedBy = {
  by: z
    .enum(['consumer', 'ip', 'api', 'plan', 'header'])
    .describe(
      'Whose calls are counted together; consumer when not given (the client address where nobody is authenticated).',
    )
    .optional(),
  header: headerName('Header whose value is counted by; only with `by: header`.').optional(),
};
const headerFits = ({ by, header }: { by?: string | undefined; header?: string | undefined }) =>
  (by === 'header') === (header !== undefined);
const headerRule = { message: 'belongs to `by: header`, and is required with it', path: ['header'] };

export const rateLimitSpecSchema = z
  .strictObject({
    requests: count('Calls allowed in one window.'),
    per: z.enum(['second', 'minute', 'hour', 'day']).describe('Length of the fixed window.'),
    ...countedBy,
    burst: count('Calls let through at once beyond the rate; none when not given.').optional(),
  })
  .refine(headerFits, headerRule)
  .describe('How many calls are let through.');

export const quotaSpecSchema = z
  .strictObject({
    requests: count('Calls allowed in one period.'),
    per: z.enum(['day', 'week', 'month']).describe('Calendar period, in UTC.'),
    ...countedBy,
  })
  .refine(headerFits, headerRule)
  .describe('How many calls are sold.');

export const concurrencySpecSchema = z
  .strictObject({
    requests: count('Calls under way at one time.'),
    ...countedBy,
    queue: z.int().min(0).max(100_000).describe('Calls that wait beyond that; 0 when not given.').optional(),
    queueTimeout: duration('How long they wait; 1s when not given.', { maxMs: 60_000 }).optional(),
  })
  .refine(headerFits, headerRule)
  .describe('How many calls may be under way.');

const mediaType = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$&^_.+-]+\/([A-Za-z0-9!#$&^_.+-]+|\*)$/, 'must be a media type, as in application/json')
  .register(written, { unit: 'lower' });

export const requestLimitsSpecSchema = z
  .strictObject({
    body: size('Largest body.', { maxBytes: 10_000_000_000 }).optional(),
    headers: size('Largest sum of all headers.', { maxBytes: 1_000_000 }).optional(),
    headerCount: z.int().min(1).max(10_000).describe('Most headers.').optional(),
    url: size('Longest path and query.', { maxBytes: 1_000_000 }).optional(),
    contentTypes: unique(mediaType, 50).min(1).describe('Media types of bodies that are let in.').optional(),
  })
  .describe('What one request may weigh.');

export type RateLimitSpec = z.infer<typeof rateLimitSpecSchema>;
export type QuotaSpec = z.infer<typeof quotaSpecSchema>;
export type ConcurrencySpec = z.infer<typeof concurrencySpecSchema>;
export type RequestLimitsSpec = z.infer<typeof requestLimitsSpecSchema>;
