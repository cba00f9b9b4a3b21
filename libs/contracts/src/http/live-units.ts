import { z } from 'zod';
import { unitSchema } from '../artifacts/unit.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema } from '../names.ts';

/** Units in one answer at most. */
export const MAX_LIVE_UNITS = 500;

export const liveUnitsQuerySchema = z.strictObject({
  /** Of this snapshot and no other, so that several pages belong together. */
  snapshot: digestSchema.optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_LIVE_UNITS).default(200),
});

/** A page of what every gateway of an environment was read back to serve, in the order of its snapshot. */
export const liveUnitsViewSchema = z.object({
  environment: nameSchema,
  /** Null: nothing is live there yet, or the environment is not known. */
  snapshot: digestSchema.nullable(),
  commit: commitSchema.nullable(),
  since: instantSchema.nullable(),
  /** Of a consumer's keys no hash is told, only how many there are: each stands for a digest of itself. */
  items: z.array(unitSchema),
  /** Units of this page that an earlier release wrote and this one cannot read. */
  unreadable: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /** Offset of the next page; null: this is the last one. */
  next: z.int().nonnegative().nullable(),
});

export type LiveUnitsQuery = z.infer<typeof liveUnitsQuerySchema>;
export type LiveUnitsView = z.infer<typeof liveUnitsViewSchema>;
