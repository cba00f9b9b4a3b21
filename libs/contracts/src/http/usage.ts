import { z } from 'zod';
import { instantSchema, nameSchema } from '../names.ts';

/** validator `GET /usage?environment=&api=&since=`: who called what of an API, as analytics has told. */
export const usageQuerySchema = z.strictObject({
  environment: nameSchema,
  api: nameSchema,
  /** The last seven days when not given. Days are kept, so that of the first one calls before are counted as well. */
  since: instantSchema.optional(),
});

export const usageViewSchema = z.object({
  environment: nameSchema,
  api: nameSchema,
  /** Since when usage of the environment has been heard; null: never. */
  knownSince: instantSchema.nullable(),
  /** One per operation, consumer and day (UTC), the most calls first. */
  items: z.array(
    z.object({
      operation: z.string().nullable(),
      consumer: z.string().nullable(),
      day: z.iso.date(),
      calls: z.int().positive(),
      errors: z.int().nonnegative(),
      lastAt: instantSchema,
    }),
  ),
  /** There are more than are listed. */
  truncated: z.boolean(),
});

export type UsageQuery = z.infer<typeof usageQuerySchema>;
export type UsageView = z.infer<typeof usageViewSchema>;
