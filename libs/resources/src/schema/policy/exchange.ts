import { z } from 'zod';
import { cidr, duration, formatted, headerName, hostName, httpMethod, size, unique, written } from '../common.ts';

const origin = formatted(
  '\\*|null|https?://(?:\\*\\.)?[A-Za-z0-9.-]+(?::\\d{1,5})?',
  'must be an origin, as in https://app.example.com or https://*.example.com, or "*"',
  'An origin as browsers send it.',
  300,
);

export const corsSpecSchema = z
  .strictObject({
    origins: unique(origin, 200).min(1).describe('Origins whose pages may call; `*`: all of them.'),
    methods: unique(httpMethod, 20)
      .min(1)
      .describe('Methods that they may use; those that OpenAPI declares when not given.')
      .optional(),
    headers: unique(headerName('A request header.'), 100)
      .describe('Request headers that they may send; those that they ask for when not given.')
      .optional(),
    exposeHeaders: unique(headerName('A response header.'), 100)
      .describe('Response headers that they may read beyond the usual ones.')
      .optional(),
    credentials: z.boolean().describe('Cookies and credentials go along; false when not given.').optional(),
    maxAge: duration('How long a preflight answer counts; 10m when not given.', {
      minMs: 0,
      maxMs: 86_400_000,
    }).optional(),
  })
  .refine(({ origins, credentials }) => credentials !== true || !origins.includes('*'), {
    message: 'may not be `*` with `credentials`: browsers refuse it; name the origins',
    path: ['origins'],
  })
  .describe('Calls from pages of other origins.');

const headerValue = z
  .string()
  .max(4_000)
  .regex(/^[\t\x20-\x7e\x80-\uffff]*$/u, 'must not hold control characters');
const headerValues = (description: string) =>
  z
    .record(headerName('A header.'), headerValue)
    .refine(
      (values) => new Set(Object.keys(values).map((name) => name.toLowerCase())).size === Object.keys(values).length,
      {
        message: 'must not name one header twice; letter case says nothing',
      },
    )
    .describe(description);
const headerChanges = (description: string) =>
  z
    .strictObject({
      set: headerValues('Headers with their values, in place of what was sent.').optional(),
      add: headerValues('Headers that are added to what was sent.').optional(),
      remove: unique(headerName('A header.'), 100).describe('Headers that are taken out.').optional(),
    })
    .describe(description);

export const headersSpecSchema = z
  .strictObject({
    request: headerChanges('On the way to the upstream.').optional(),
    response: headerChanges('On the way to the caller.').optional(),
  })
  .describe('Headers that are set or taken out.');

const pathTemplate = (description: string) =>
  formatted('/[^\\s?#]*', 'must be a path that starts with "/", as in /old/{id}', description, 1024);

export const rewriteSpecSchema = z
  .strictObject({
    prefix: pathTemplate('Put before the path once the base path is off.').optional(),
    host: hostName('Host that the upstream is told.').optional(),
    paths: z
      .array(
        z.strictObject({
          from: pathTemplate('Path template under the base path.'),
          to: pathTemplate('Path in its place; holds names of `from`.'),
        }),
      )
      .max(200)
      .describe('In order; the first that matches wins.')
      .optional(),
  })
  .describe('What the upstream sees in place of what was asked for.');

export const redirectSpecSchema = z.strictObject({
  from: pathTemplate('Path template under the base path.'),
  to: z
    .string()
    .min(1)
    .max(2048)
    .regex(/^(https?:\/\/|\/)[^\s]*$/, 'must be a path or an http(s) URL')
    .describe('Where callers are sent; holds names of `from`.'),
  status: z.literal([301, 302, 303, 307, 308]).describe('308 when not given.').optional(),
});

export const compressionSpecSchema = z
  .strictObject({
    types: unique(z.string().min(3).max(100).register(written, { unit: 'lower' }), 50)
      .min(1)
      .describe('Media types; application/json and text/* when not given.')
      .optional(),
    minSize: size('Smaller answers are left as they are; 1KB when not given.', {
      minBytes: 0,
      maxBytes: 100_000_000,
    }).optional(),
  })
  .describe('Answers are compressed for callers that can read it.');

export const cacheSpecSchema = z
  .strictObject({
    ttl: duration('How long an answer is kept.', { maxMs: 86_400_000 }),
    methods: unique(z.enum(['GET', 'HEAD']), 2)
      .min(1)
      .describe('[GET, HEAD] when not given.')
      .optional(),
    statuses: z
      .array(z.int().min(200).max(599))
      .min(1)
      .max(20)
      .describe('Statuses that are kept; [200] when not given.')
      .optional(),
    vary: unique(headerName('A request header.'), 20)
      .describe('Request headers that tell answers apart, beside those of the answer’s own Vary.')
      .optional(),
    maxBody: size('Larger answers are not kept; 64KB when not given.', { maxBytes: 100_000_000 }).optional(),
  })
  .describe('Answers that the gateway keeps.');

export const maintenanceSpecSchema = z
  .strictObject({
    status: z.int().min(400).max(599).describe('503 when not given.').optional(),
    message: z.string().min(1).max(500).describe('Told to callers.').optional(),
    retryAfter: duration('When they should come back.').optional(),
    allow: unique(cidr('An address or range.'), 100).describe('Addresses that are served all the same.').optional(),
  })
  .describe('While this is here, callers get this answer.');

export const errorsSpecSchema = z
  .strictObject({
    format: z.enum(['problem+json', 'text']).describe('problem+json (RFC 9457) when not given.').optional(),
    typeBase: z
      .string()
      .max(500)
      .regex(/^https?:\/\/[^\s]+$/, 'must be an http(s) URL')
      .describe('Begin of the `type` of each problem.')
      .optional(),
  })
  .describe("Shape of the gateway's own answers.");
