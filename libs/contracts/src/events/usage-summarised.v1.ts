import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { instantSchema, nameSchema } from '../names.ts';

export const usageSummarised = defineEvent({
  owner: 'analytics',
  fact: 'usage-summarised',
  version: 1,
  scope: 'environment',
  summary: 'Who called which operation how often in one closed interval; intervals with no calls are not stated.',
  data: z.object({
    environment: nameSchema,
    from: instantSchema,
    to: instantSchema,
    /** A large interval is split over several events: this is part `part` of `parts`, counted from 1. */
    part: z.int().positive(),
    parts: z.int().positive(),
    entries: z
      .array(
        z.object({
          api: nameSchema,
          /** Operation id; null for calls that no declared operation explains. */
          operation: z.string().nullable(),
          /** Consumer name; null for calls without a known consumer. */
          consumer: z.string().nullable(),
          calls: z.int().positive(),
          errors: z.int().nonnegative(),
          lastAt: instantSchema,
        }),
      )
      .max(1000),
  }),
  scopeOf: (data) => data.environment,
});
