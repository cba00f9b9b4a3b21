import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { duration, formatted, reference, resource, unique } from './common.ts';
import { policyFieldsSchema } from './policy.ts';

const host = formatted(
  '(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*',
  'must be a host name, without scheme, port or path',
  'A host name, as in api.example.com.',
);

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

const poolSchema = z.strictObject({
  name: nameSchema.describe('Unique among the pools of the Api.'),
  weight: z.int().min(0).max(100).describe("Share of the API's calls; 100 when not given.").optional(),
  targets: z.array(targetSchema).min(1).max(200).describe('The servers of the pool.'),
  healthCheck: healthCheckSchema.optional(),
});

export const apiResourceSchema = resource(
  'Api',
  'One API, or one version of it.',
  z.strictObject({
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
        hosts: unique(host, 50).describe('Exact host names; any host when not given.').optional(),
        basePath,
        keepBasePath: z.boolean().describe('Send the base path to the upstream too; false when not given.').optional(),
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
  }),
);

export type ApiResource = z.infer<typeof apiResourceSchema>;
