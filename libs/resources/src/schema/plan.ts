import { z } from 'zod';
import { reference, resource, selectorSchema, unique } from './common.ts';
import { rateLimitSpecSchema } from './policy.ts';

export const planResourceSchema = resource(
  'Plan',
  'What a consumer subscribes to: a limit, and the APIs that it opens.',
  z.strictObject({
    rateLimit: rateLimitSpecSchema
      .describe("Counted per consumer and API, in place of the API's own limit.")
      .optional(),
    apis: z
      .strictObject({
        names: unique(reference('an Api'), 1000).describe('By name.').optional(),
        selector: selectorSchema.optional(),
      })
      .describe('APIs that it opens, besides those that name it under spec.plans.')
      .optional(),
  }),
);

export type PlanResource = z.infer<typeof planResourceSchema>;
