import { z } from 'zod';
import { breakingRulesSchema } from './breaking-rules.ts';
import { labelsSchema, resource, unique } from './common.ts';
import { ruleSetIgnoreSchema } from './ignore.ts';
import { openApiRulesSchema } from './openapi-rules.ts';
import { requirementsSchema, upstreamRulesSchema } from './rule-set-checks.ts';
import { environments, level, lifecycles, ruleId, visibilities } from './rule-words.ts';

const appliesToSchema = z
  .strictObject({
    kind: z.enum(['Api', 'Plan', 'Consumer', 'Gateway', 'Environment']).describe('What it looks at, one by one.'),
    environments: environments.describe('In these environments only.').optional(),
    lifecycle: lifecycles.describe('APIs in one of these.').optional(),
    visibility: visibilities.describe('APIs of one of these.').optional(),
    labels: labelsSchema.describe('APIs with every one of these labels.').optional(),
  })
  .refine(({ kind, lifecycle, visibility, labels }) => kind === 'Api' || !(lifecycle ?? visibility ?? labels), {
    message: 'chooses by lifecycle, visibility or labels, which only an Api has',
  });

const example = z.record(z.string(), z.unknown());

const guardrailSchema = z
  .strictObject({
    use: ruleId.describe('A rule of the starter library (`gitway rules list`), or `all`.').optional(),
    severity: level.describe("The starter rule's own, or warning, when not given; an error refuses.").optional(),
    id: ruleId.describe('Name of a rule of your own; its findings carry it.').optional(),
    appliesTo: appliesToSchema.describe('What it looks at.').optional(),
    expression: z.string().min(1).max(4_000).describe('CEL that is true where all is well.').optional(),
    message: z.string().min(1).max(4_000).describe('What is wrong, in one sentence; ${…} holds CEL.').optional(),
    hint: z.string().min(1).max(500).describe('What to do.').optional(),
    field: z
      .string()
      .max(200)
      .regex(/^[A-Za-z]+(\.[A-Za-z]+)*$/, 'must be the path of a field, as in policy.rateLimit')
      .describe('Field that findings point at, as in policy.rateLimit.')
      .optional(),
    examples: z
      .strictObject({
        pass: z.array(example).max(50).describe('Where it must find nothing.').optional(),
        fail: z.array(example).max(50).describe('Where it must find something.').optional(),
      })
      .describe('Configurations that `gitway rules test` tries it on.')
      .optional(),
  })
  .superRefine((entry, issues) => {
    const own = ['id', 'appliesTo', 'expression', 'message', 'hint', 'field', 'examples'] as const;
    const report = (field: string, message: string) => issues.addIssue({ code: 'custom', path: [field], message });
    if (entry.use !== undefined) {
      for (const field of own) if (entry[field] !== undefined) report(field, 'is not for rules taken in by `use`');
    } else if (own.every((field) => entry[field] === undefined)) {
      report('use', 'is required: name a rule of the starter library, or write one with id, appliesTo, expression');
    } else {
      for (const field of ['id', 'appliesTo', 'expression', 'message'] as const) {
        if (entry[field] === undefined) report(field, 'is required in a rule of your own');
      }
    }
  });

const overrideSchema = z.strictObject({
  rules: unique(ruleId, 500).min(1).describe('Rules by id; all that this RuleSet speaks of when not given.').optional(),
  environments: environments.describe('In these environments; in all when not given.').optional(),
  lifecycle: lifecycles.describe('For APIs in one of these; for everything when not given.').optional(),
  visibility: visibilities.describe('For APIs of one of these; for everything when not given.').optional(),
  severity: level.describe('What they are there.'),
});

export const ruleSetResourceSchema = resource(
  'RuleSet',
  'Checks, how grave each is where, and what is passed over.',
  z
    .strictObject({
      mode: z
        .enum(['enforce', 'trial'])
        .describe('On trial it refuses nothing: what it would refuse is noted and summed up; enforce when not given.')
        .optional(),
      guardrails: z
        .array(guardrailSchema)
        .min(1)
        .max(500)
        .describe('In order; a later entry for the same starter rule replaces an earlier one.')
        .optional(),
      openapi: openApiRulesSchema.optional(),
      rules: z
        .record(ruleId, level)
        .describe('How grave the findings of a rule are: of Gitway itself, a guardrail, or a Spectral ruleset.')
        .optional(),
      require: requirementsSchema.optional(),
      upstreams: upstreamRulesSchema.optional(),
      breaking: breakingRulesSchema.optional(),
      overrides: z.array(overrideSchema).max(200).describe('In order; the last that fits wins.').optional(),
      ignore: z.array(ruleSetIgnoreSchema).max(200).describe('Findings that are passed over for a time.').optional(),
    })
    .refine((spec) => Object.entries(spec).some(([field, part]) => field !== 'mode' && part !== undefined), {
      message: 'must say something',
    }),
);

export type RuleSetResource = z.infer<typeof ruleSetResourceSchema>;
export type RuleSetSpec = RuleSetResource['spec'];
export type GuardrailEntry = z.infer<typeof guardrailSchema>;
