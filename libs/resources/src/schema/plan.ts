import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { reference, resource, selectorSchema, unique } from './common.ts';
import { oneForm, operationId, quotasShape, rateLimitsShape } from './policy/index.ts';

export const planResourceSchema = resource(
  'Plan',
  'What a consumer subscribes to: limits, and the APIs or operations that it opens. Its limits are counted per consumer and API, in place of those of the API.',
  z
    .strictObject({
      ...rateLimitsShape,
      ...quotasShape,
      apis: z
        .strictObject({
          names: unique(reference('an Api'), 1000).describe('By name.').optional(),
          selector: selectorSchema.optional(),
          operations: z
            .record(nameSchema, unique(operationId, 2_000).min(1))
            .describe('For an API by its name, the operations that it opens; all when not given.')
            .optional(),
        })
        .describe('APIs that it opens, besides those that name it under spec.plans.')
        .optional(),
    })
    .superRefine(oneForm),
);

export type PlanResource = z.infer<typeof planResourceSchema>;
