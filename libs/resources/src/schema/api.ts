import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import {
  day,
  duration,
  formatted,
  fieldToken,
  hostName,
  hostPattern,
  reference,
  repositoryPath,
  resource,
  secretRefSchema,
  unique,
} from './common.ts';
import { policyFieldsSchema } from './policy/index.ts';

const basePath = formatted(
  '/|(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+/?',
  'must start with "/" and be made of letters, digits, ".", "_", "~" and "-"',
  'Path under which the API answers; taken off before the upstream unless keepBasePath.',
);

const targetSchema = z.strictObject({
  url: z.string().min(1).max(2048).describe('http:// or https://, host and port of one server; no path.'),
  weight: z
    .int()
    .min(1)
    .max(256)
    .describe("Share of the pool's calls relative to its siblings; 1 when not given.")
    .optional(),
});

const healthCheckSchema = z
  .strictObject({
    path: formatted(
      '/[^\\s#]*',
      'must start with "/" and hold no white space',
      'Path that is asked with GET; 2xx and 3xx are healthy.',
      1024,
    ),
    interval: duration('Between two checks; 5s when not given.', { minMs: 100, maxMs: 3_600_000 }).optional(),
    unhealthyAfter: z.int().min(1).max(100).describe('Failures in a row; 3 when not given.').optional(),
    healthyAfter: z.int().min(1).max(100).describe('Successes in a row; 2 when not given.').optional(),
  })
  .describe('Active health check of each target.');

const upstreamTlsSchema = z
  .strictObject({
    verify: z.boolean().describe("Whether the target's certificate is verified; true when not given.").optional(),
    serverName: hostName('Name that the certificate must be for; the host of the URL when not given.').optional(),
    ca: unique(repositoryPath('a certificate authority as PEM'), 20)
      .min(1)
      .describe("Authorities that count, in place of the system's.")
      .optional(),
    clientCertificate: secretRefSchema.describe('Certificate and key as PEM that the gateway shows.').optional(),
  })
  .describe('For targets with https URLs.');

export const poolSchema = z.strictObject({
  name: nameSchema.describe('Unique among the pools of the Api.'),
  weight: z.int().min(0).max(100).describe("Share of the API's calls; 100 when not given.").optional(),
  targets: z.array(targetSchema).min(1).max(200).describe('The servers of the pool.'),
  healthCheck: healthCheckSchema.optional(),
  passiveHealthCheck: z
    .strictObject({
      failures: z.int().min(1).max(1_000).describe('Failed calls in a row; 5 when not given.').optional(),
      ejectFor: duration('How long such a target is left alone; 30s when not given.', {
        maxMs: 86_400_000,
      }).optional(),
    })
    .describe('Judges each target by the calls that it gets.')
    .optional(),
  slowStart: duration('Time in which a target that comes back is brought to its full share.', {
    maxMs: 3_600_000,
  }).optional(),
  resolveEvery: duration('How often names are resolved again.', { minMs: 1_000, maxMs: 86_400_000 }).optional(),
  maxConnections: z.int().min(1).max(1_000_000).describe('Most connections to each target.').optional(),
  protocol: z.enum(['http1', 'http2', 'grpc']).describe('What targets speak; http1 when not given.').optional(),
  tls: upstreamTlsSchema.optional(),
});

const requestMatchSchema = z.strictObject({
  in: z.enum(['header', 'query', 'cookie']).describe('Where it is looked for.'),
  name: fieldToken('Name of the header, query parameter or cookie.'),
  value: z.string().min(1).max(500).describe('The value that it must have; any when not given.').optional(),
});

const latencySchema = z
  .strictObject({
    p50: duration('Half of the calls are answered within this.').optional(),
    p90: duration('90 % of the calls are answered within this.').optional(),
    p95: duration('95 % of the calls are answered within this.').optional(),
    p99: duration('99 % of the calls are answered within this.').optional(),
  })
  .refine((latency) => Object.keys(latency).length > 0, { message: 'must name at least one of p50, p90, p95, p99' })
  .describe('How quickly calls are answered.');

const sloSchema = z
  .strictObject({
    availability: z.number().gt(0).lt(100).describe('Percent of the calls that succeed, as in 99.9.').optional(),
    latency: latencySchema.optional(),
    window: duration('Time over which it is judged; 30d when not given.', {
      minMs: 3_600_000,
      maxMs: 90 * 86_400_000,
    }).optional(),
  })
  .refine(({ availability, latency }) => availability !== undefined || latency !== undefined, {
    message: 'must promise something: availability or latency',
  })
  .describe('What is promised to callers.');

const deprecationSchema = z
  .strictObject({
    since: day('Day from which it is deprecated.').optional(),
    sunset: day('Day from which it may be gone; told in the Sunset header.').optional(),
    link: z
      .string()
      .max(2048)
      .regex(/^https?:\/\/[^\s]+$/, 'must be an http(s) URL')
      .describe('Where callers read what to do.')
      .optional(),
  })
  .refine(({ since, sunset }) => since === undefined || sunset === undefined || since <= sunset, {
    message: 'must not be before `since`',
    path: ['sunset'],
  })
  .describe('Told to callers of a deprecated API.');

export const apiResourceSchema = resource(
  'Api',
  'One API, or one version of it.',
  z
    .strictObject({
      openapi: z.string().min(1).max(1024).describe('Path of its OpenAPI document, relative to this file.'),
      lifecycle: z
        .enum(['experimental', 'active', 'deprecated', 'retired'])
        .describe('Where it is in its life; active when not given.')
        .optional(),
      visibility: z
        .enum(['public', 'partner', 'internal'])
        .describe('Whom it is for; internal when not given.')
        .optional(),
      route: z
        .strictObject({
          hosts: unique(hostPattern('A host name.'), 50)
            .describe('Host names, exact or as in *.example.com; any host when not given.')
            .optional(),
          basePath,
          keepBasePath: z
            .boolean()
            .describe('Send the base path to the upstream too; false when not given.')
            .optional(),
          onlyDeclaredOperations: z
            .boolean()
            .describe('Refuse paths and methods that OpenAPI does not declare; false when not given.')
            .optional(),
          match: z
            .array(requestMatchSchema)
            .min(1)
            .max(10)
            .describe('Conditions on the request that must all hold.')
            .optional(),
          listeners: unique(reference('a listener'), 20)
            .min(1)
            .describe('Listeners of the gateways that serve it; all when not given.')
            .optional(),
        })
        .describe('Where callers find it.'),
      upstream: z
        .strictObject({
          pools: z
            .array(poolSchema)
            .min(1)
            .max(20)
            .refine((pools) => new Set(pools.map((pool) => pool.name)).size === pools.length, {
              message: 'must not use one name for two pools',
            })
            .refine((pools) => pools.some((pool) => (pool.weight ?? 100) > 0), {
              message: 'must have a pool with a weight above 0, else no call is answered',
            })
            .describe('Groups of servers that share its calls by weight.'),
        })
        .describe('Where its calls are answered.'),
      plans: unique(reference('a plan'), 100)
        .describe('Plans that may call it; none: any authenticated consumer.')
        .optional(),
      policies: unique(reference('a policy'), 50).describe('Policies, merged in this order.').optional(),
      policy: policyFieldsSchema.describe("The API's own behaviour, last in the merge.").optional(),
      deprecation: deprecationSchema.optional(),
      slo: sloSchema.optional(),
    })
    .refine(
      ({ lifecycle, deprecation }) =>
        deprecation === undefined || lifecycle === 'deprecated' || lifecycle === 'retired',
      {
        message: 'is set, but `lifecycle` is neither deprecated nor retired',
        path: ['deprecation'],
      },
    ),
);

export type ApiResource = z.infer<typeof apiResourceSchema>;
