import { z } from 'zod';

/** Lines and columns count from 1; `endColumn` is the first column after the range. */
export const rangeSchema = z.object({
  line: z.int().positive(),
  column: z.int().positive(),
  endLine: z.int().positive(),
  endColumn: z.int().positive(),
});

/**
 * Where a finding points: into a file (with a range when the document could be read that far), at a field of a
 * resource or unit (`Api/petstore`, `spec.policy.rateLimit.requests`), or both.
 */
export const locationSchema = z.object({
  file: z.string().optional(),
  range: rangeSchema.optional(),
  object: z.string().optional(),
  field: z.string().optional(),
});

export const severitySchema = z.enum(['error', 'warning', 'info']);

/** Diagnostics, drift, plan entries and verdict evidence all have this one shape, so every face can show them alike. */
export const findingSchema = z.object({
  /** Stable kebab-case id, as in `unknown-field`; its page is `docs/rules/<rule>.md`. */
  rule: z.string(),
  severity: severitySchema,
  where: locationSchema,
  /** What is wrong, in one sentence. */
  message: z.string(),
  /** What of the message holds today and may be other tomorrow (who called how often): the finding stays the same. */
  evidence: z.string().optional(),
  /** What to do about it. */
  hint: z.string().optional(),
  /** Other places that take part, for example the other claimant of a route. */
  related: z.array(z.object({ where: locationSchema, message: z.string() })).optional(),
});

/** A finding that somebody passes over for a time, with a reason. It counts for nothing and is kept. */
export const suppressedFindingSchema = findingSchema.extend({
  suppression: z.object({
    reason: z.string(),
    /** The last day on which it works, as in 2027-01-31. */
    until: z.string(),
    /** Where that is written. */
    where: locationSchema,
  }),
});

export const findingCountsSchema = z.object({
  errors: z.int().nonnegative(),
  warnings: z.int().nonnegative(),
  infos: z.int().nonnegative(),
});

export type Range = z.infer<typeof rangeSchema>;
export type Location = z.infer<typeof locationSchema>;
export type Severity = z.infer<typeof severitySchema>;
export type Finding = z.infer<typeof findingSchema>;
export type SuppressedFinding = z.infer<typeof suppressedFindingSchema>;
export type FindingCounts = z.infer<typeof findingCountsSchema>;

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: of('error'), warnings: of('warning'), infos: of('info') };
}
