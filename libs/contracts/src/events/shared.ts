import { z } from 'zod';
import { findingSchema } from '../artifacts/finding.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema } from '../names.ts';

/** Which revision an event speaks of. */
export const revisionFields = {
  environment: nameSchema,
  source: nameSchema,
  /** Full ref that the environment follows, `refs/heads/main`. */
  ref: z.string(),
  commit: commitSchema,
};

export const causeSchema = z.enum(['commit', 'promotion', 'command', 'rollback']);

/** Field-level difference between what should be and what a gateway has. Secrets are redacted before they get here. */
export const driftFieldSchema = z.object({
  /** What differs, as a person names it: `server petstore/stable/0 weight`, `file haproxy.cfg`. */
  path: z.string(),
  desired: z.string().nullable(),
  live: z.string().nullable(),
});
export type DriftField = z.infer<typeof driftFieldSchema>;

/** A gateway's own complaint about one unit (or, with `unit` null, about the whole). */
export const problemSchema = z.object({ unit: z.string().nullable(), message: z.string() });
export type Problem = z.infer<typeof problemSchema>;

/** When each stage of push → live ended; all optional, since a story may begin anywhere. */
export const stageTimesSchema = z.object({
  receivedAt: instantSchema.optional(),
  detectedAt: instantSchema.optional(),
  validatedAt: instantSchema.optional(),
  desiredAt: instantSchema.optional(),
  renderedAt: instantSchema.optional(),
  appliedAt: instantSchema.optional(),
  reportedAt: instantSchema.optional(),
});
export type StageTimes = z.infer<typeof stageTimesSchema>;

export const revisionRefSchema = z.object({ commit: commitSchema, snapshot: digestSchema });
export const findingsSchema = z.array(findingSchema).max(50);
