import { z } from 'zod';
import { cidr, duration, fieldToken, headerName, httpMethod, unique } from '../common.ts';

export const ipSpecSchema = z
  .strictObject({
    allow: unique(cidr('An address or range.'), 1_000)
      .min(1)
      .describe('Only these may call; everybody when not given.')
      .optional(),
    deny: unique(cidr('An address or range.'), 1_000).min(1).describe('These may not, whatever allow says.').optional(),
  })
  .describe('Client addresses.');

export const operationId = z.string().min(1).max(300).describe('An operationId, or `<method> <path>` without one.');

export const allowSpecSchema = z
  .strictObject({
    methods: unique(httpMethod, 20).min(1).describe('Only these methods; all when not given.').optional(),
    operations: unique(operationId, 2_000).min(1).describe('Only these operations; all when not given.').optional(),
  })
  .describe('What of the API is open at all.');

const denySchema = z
  .strictObject({
    in: z.enum(['path', 'query', 'header', 'body']).describe('Where it is looked for.'),
    name: fieldToken('The header, or query parameter; all of them when not given.').optional(),
    pattern: z.string().min(1).max(500).describe('Regular expression in RE2 syntax; what it finds is refused.'),
  })
  .refine(({ in: place, name }) => name === undefined || place === 'header' || place === 'query', {
    message: 'belongs to headers and query parameters',
    path: ['name'],
  });

export const threatProtectionSpecSchema = z
  .strictObject({
    deny: z.array(denySchema).min(1).max(100).describe('Requests that are refused.').optional(),
    waf: z
      .strictObject({
        mode: z.enum(['detect', 'block']).describe('block when not given.').optional(),
        paranoia: z.int().min(1).max(4).describe('How strict; 1 when not given.').optional(),
      })
      .describe('Web application firewall, where the gateway has one.')
      .optional(),
    bans: z
      .strictObject({
        refused: z.int().min(1).max(1_000_000).describe('Refused calls after which a caller is shut out.'),
        within: duration('Time in which they count; 1m when not given.', { maxMs: 86_400_000 }).optional(),
        for: duration('How long; 10m when not given.', { maxMs: 30 * 86_400_000 }).optional(),
        by: z.enum(['ip', 'consumer']).describe('Who is shut out; ip when not given.').optional(),
      })
      .describe('Callers that are shut out for a while.')
      .optional(),
  })
  .describe('Protection from callers that mean harm.');

export const accessLogSpecSchema = z
  .strictObject({
    level: z.enum(['off', 'errors', 'all']).describe('Which calls; all when not given.').optional(),
    sample: z
      .number()
      .gt(0)
      .max(1)
      .describe('Share of the calls that are logged; errors always are. 1 when not given.')
      .optional(),
    headers: unique(headerName('A request header.'), 20)
      .describe('Request headers that are logged; never one that carries a credential.')
      .optional(),
    audit: z
      .enum(['off', 'metadata'])
      .describe('Whether each call is kept as evidence of who did what; off when not given.')
      .optional(),
  })
  .describe('What is written down of calls.');
