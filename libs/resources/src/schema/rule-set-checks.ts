import { z } from 'zod';
import { labelsSchema, reference, unique } from './common.ts';
import { policyFieldsSchema } from './policy/index.ts';
import { environments, level, lifecycles, visibilities } from './rule-words.ts';

const policyField = z.enum(Object.keys(policyFieldsSchema.shape) as [keyof typeof policyFieldsSchema.shape]);

/** `require`: what APIs of a class must have. */
export const requirementsSchema = z
  .array(
    z
      .strictObject({
        visibility: visibilities.describe('APIs of one of these.').optional(),
        lifecycle: lifecycles.describe('APIs in one of these.').optional(),
        labels: labelsSchema.describe('APIs with every one of these labels.').optional(),
        environments: environments.describe('In these; in all when not given.').optional(),
        policies: unique(reference('a policy'), 50)
          .min(1)
          .describe('Policies that each must have, by its own word or by their selectors.')
          .optional(),
        fields: unique(policyField, 50)
          .min(1)
          .describe('What some policy or the API itself must set. `auth` that lets everybody in does not count.')
          .optional(),
        severity: level.describe('error when not given.').optional(),
      })
      .refine((entry) => entry.policies !== undefined || entry.fields !== undefined, {
        message: 'is required: name the policies (or the fields) that such an API must have',
        path: ['policies'],
      }),
  )
  .min(1)
  .max(200)
  .describe('What APIs of a class must have.');

const hostPattern = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$|^[0-9A-Fa-f:.]{2,45}$/,
    'must be a host name, `*.` and a domain, or an IP address',
  );

/** `upstreams`: which servers APIs may be sent to. */
export const upstreamRulesSchema = z
  .array(
    z.strictObject({
      environments: environments.describe('In these; in all when not given.').optional(),
      private: z
        .enum(['refuse', 'warn', 'allow'])
        .describe(
          'Upstreams at private, loopback or link-local addresses, or with names that only a private network resolves.',
        ),
      hosts: z
        .array(hostPattern)
        .min(1)
        .max(500)
        .describe('Upstreams that are fine all the same: names, `*.` and a domain, or addresses.')
        .optional(),
    }),
  )
  .min(1)
  .max(50)
  .describe('Which servers APIs may be sent to. The last entry for an environment holds.');

export type Requirement = z.infer<typeof requirementsSchema>[number];
export type UpstreamRule = z.infer<typeof upstreamRulesSchema>[number];
