import { z } from 'zod';
import { ruleId } from './rule-id.ts';

/** What every suppression says, wherever it stands. That `until` is near enough is judged when `now` is known. */
const suppression = {
  rule: ruleId.describe('The rule whose findings are passed over, as findings name it.'),
  reason: z.string().trim().min(3).max(500).describe('Why that is right; shown wherever suppressed findings are.'),
  until: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'must be a day, as in 2027-01-31', abort: true })
    .refine((day) => !Number.isNaN(Date.parse(day)), { message: 'must be a day that there is' })
    .describe('The last day on which it works, as in 2027-01-31; at most a year ahead.'),
};

export const resourceIgnoreSchema = z.strictObject({
  ...suppression,
  field: z.string().min(1).max(500).describe('Only at this field and below, as in spec.upstream.').optional(),
});

export const ruleSetIgnoreSchema = z.strictObject({
  ...suppression,
  files: z
    .array(z.string().min(1).max(300))
    .min(1)
    .max(50)
    .describe('Only in these files: patterns as in `.gitwayignore`.')
    .optional(),
});

/** One entry of `x-gitway-ignore` in an OpenAPI document. */
export const documentIgnoreSchema = z.strictObject(suppression);

export type ResourceIgnore = z.infer<typeof resourceIgnoreSchema>;
export type RuleSetIgnore = z.infer<typeof ruleSetIgnoreSchema>;
