import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { duration, unique } from './common.ts';
import { environments, lifecycles, ruleId, visibilities } from './rule-words.ts';

const action = (when: string) => z.enum(['block', 'warn', 'allow', 'ignore']).describe(when);
const days = (description: string) => duration(description, { minMs: 3_600_000, maxMs: 90 * 86_400_000 });

const breakingPolicySchema = z
  .strictObject({
    environments: environments.describe('In these environments; in all when not given.').optional(),
    lifecycle: lifecycles.describe('For APIs that are live in one of these; for all when not given.').optional(),
    visibility: visibilities.describe('For APIs that are live with one of these; for all when not given.').optional(),
    rules: unique(ruleId, 500)
      .min(1)
      .describe('For these changes, by rule, and whatever grade the rule has by itself; for all when not given.')
      .optional(),
    used: action('What a change is that concerns an operation which was called.').optional(),
    usedWithin: days('How far back a call counts; 7d when not given.').optional(),
    unused: action('What a change is that concerns nobody who called.').optional(),
    unknown: action('What a change is as long as nothing is known of calls.').optional(),
    deprecatedFor: days(
      'An operation that was live as deprecated for so long may change, as one may whose `x-sunset` is over; 30d when not given.',
    ).optional(),
  })
  .refine(
    ({ used, usedWithin, unused, unknown, deprecatedFor }) =>
      [used, usedWithin, unused, unknown, deprecatedFor].some((field) => field !== undefined),
    { message: 'must say what a change is: used, unused, unknown, usedWithin or deprecatedFor' },
  );

const acceptedChangeSchema = z
  .strictObject({
    api: nameSchema.describe('Name of the API as it is live.'),
    operations: z
      .array(z.string().min(1).max(500))
      .min(1)
      .max(500)
      .describe('Of these operations only, by operationId or as in `DELETE /pets/{id}`.')
      .optional(),
    rules: unique(ruleId, 500).min(1).describe('Of these rules only.').optional(),
    environments: environments.describe('In these environments; in all when not given.').optional(),
    reason: z.string().trim().min(3).max(500).describe('Why callers can live with it; shown with the change.'),
    by: z.string().trim().min(1).max(200).describe('Who answers for that.'),
    until: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'must be a day, as in 2027-01-31', abort: true })
      .refine((day) => !Number.isNaN(Date.parse(day)), { message: 'must be a day that there is' })
      .describe('The last day on which it is accepted, as in 2027-01-31.'),
  })
  .refine(({ operations, rules }) => operations !== undefined || rules !== undefined, {
    message: 'must name operations or rules: nothing is accepted wholesale',
  });

/** The section `breaking` of a RuleSet. */
export const breakingRulesSchema = z
  .strictObject({
    policies: z
      .array(breakingPolicySchema)
      .min(1)
      .max(200)
      .describe('In order; what the last fitting one says of a field holds. Laid over the defaults.')
      .optional(),
    accept: z.array(acceptedChangeSchema).min(1).max(500).describe('Changes that were agreed upon.').optional(),
  })
  .refine(({ policies, accept }) => policies !== undefined || accept !== undefined, {
    message: 'must hold policies or accept',
  })
  .describe('What a change is that breaks callers of what is live.');

export type BreakingRules = z.infer<typeof breakingRulesSchema>;
export type BreakingPolicy = z.infer<typeof breakingPolicySchema>;
export type AcceptedChange = z.infer<typeof acceptedChangeSchema>;
export type BreakingAction = NonNullable<BreakingPolicy['used']>;
