import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { day, duration, hasVariable, labelsSchema, reference, resource, unique } from './common.ts';
import { freezeSchema, promotionSchema, rollbackSchema, rolloutSchema } from './environment-settings.ts';

export const patchTargetKinds = ['Api', 'Policy', 'Plan', 'Consumer', 'Gateway'] as const;

const patchSchema = z.strictObject({
  target: z
    .strictObject({
      kind: z.enum(patchTargetKinds).describe('Kind of the resources.'),
      name: nameSchema.describe('The one of this name alone.').optional(),
      labels: labelsSchema.optional(),
    })
    .describe('What it changes: every resource of the kind that has this name and these labels.'),
  merge: z
    .strictObject({ spec: z.record(z.string(), z.unknown()).describe('Fields of its spec.') })
    .describe('Laid over the resource: mappings are merged, lists and values replaced, null deletes.'),
});

export const environmentResourceSchema = resource(
  'Environment',
  'Where a branch goes live, and what differs there.',
  z
    .strictObject({
      source: z
        .strictObject({
          branch: z
            .string()
            .max(255)
            .regex(/^(?!-)[^\s~^:?*[\\]+$/u, 'must be the name of a branch, as in main')
            .describe('Branch that it follows.'),
        })
        .describe('When not given, that of the environment that it promotes from.')
        .optional(),
      replacesSource: nameSchema
        .describe(
          'Another source of the platform that defined this environment, and is gone or is to lose it: this one takes its place.',
        )
        .optional(),
      gateways: unique(reference('a Gateway'), 100).min(1).describe('Gateways that serve it.'),
      promoteFrom: reference('the environment whose live snapshot comes first').optional(),
      promotion: promotionSchema.optional(),
      rollout: rolloutSchema.optional(),
      rollback: rollbackSchema.optional(),
      apply: z
        .enum(['strict', 'quorum', 'best-effort'])
        .describe(
          'How many of the gateways must take a change before any keeps it: all (strict, when not given), most, or any.',
        )
        .optional(),
      holdBack: z
        .enum(['environment', 'object'])
        .describe('What waits when something is broken: everything (when not given), or that object alone.')
        .optional(),
      freeze: z.array(freezeSchema).max(100).describe('Times in which nothing is deployed.').optional(),
      prune: z
        .strictObject({
          guard: z
            .string()
            .regex(/^(100|[1-9]?\d)%$/, 'must be a share, as in 20%')
            .describe('Share of its APIs; a commit that would remove more asks first.'),
        })
        .describe('Protection from commits that remove too much.')
        .optional(),
      analysis: z
        .strictObject({
          window: duration('How long traffic is watched after a deployment; 2m when not given.', {
            minMs: 1000,
            maxMs: 7 * 86_400_000,
          }).optional(),
          minRequests: z
            .int()
            .min(1)
            .max(1_000_000_000)
            .describe('Fewer calls give no verdict; 50 when not given.')
            .optional(),
        })
        .describe('What the traffic must show before a deployment is judged.')
        .optional(),
      drift: z
        .strictObject({
          mode: z
            .enum(['heal', 'alert', 'adopt'])
            .describe('Put it back, tell of it, or propose it as a commit; heal when not given.')
            .optional(),
          interval: duration('Between two comparisons; 5s when not given.', {
            minMs: 500,
            maxMs: 3_600_000,
          }).optional(),
          ignore: z
            .array(
              z.strictObject({
                path: z.string().min(1).max(300).describe('Field, as in Api/petstore spec.upstream.pools.'),
                reason: z.string().min(1).max(500).describe('Why.'),
                until: day('Last day on which it is ignored.'),
              }),
            )
            .max(200)
            .describe('What may differ for a while.')
            .optional(),
        })
        .describe('What to do when a gateway is changed by hand.')
        .optional(),
      variables: z
        .record(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, 'must be a word: letters, digits, "_" and "-"'),
          z
            .string()
            .max(2048)
            .refine((value) => !hasVariable(value), { message: 'must not hold another variable' }),
        )
        .describe('Values for ${name} in the strings of a spec.')
        .optional(),
      patches: z.array(patchSchema).max(500).describe('Applied in order.').optional(),
    })
    .refine((spec) => spec.source !== undefined || spec.promoteFrom !== undefined, {
      message: 'is required: say which branch it follows (or promoteFrom another environment)',
      path: ['source'],
    })
    .refine((spec) => spec.promotion === undefined || spec.promoteFrom !== undefined, {
      message: 'is set, but without promoteFrom nothing is promoted',
      path: ['promotion'],
    }),
);

export type EnvironmentResource = z.infer<typeof environmentResourceSchema>;
export type Patch = z.infer<typeof patchSchema>;
