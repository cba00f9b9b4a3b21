import { z } from 'zod';
import { digestSchema, nameSchema } from '../names.ts';

/**
 * What bringing an environment from one snapshot to another changes, for people: semantic, not textual. Kept under
 * `plan.<digest>`. Made of the two snapshots alone, and of the use of the last days where that is known: equal inputs
 * give an equal plan. `before` and `after` name exactly what would be applied.
 */

/** What a change is to callers, worst first. `unknown`: a field that Gitway has no words for, or whose effect it cannot tell. */
export const callerSeverities = ['breaking', 'restricting', 'unknown', 'widening', 'neutral'] as const;
export const callerSeveritySchema = z.enum(callerSeverities);

/** Who notices: those who call, only the gateways and what stands behind them, or the platform's own people alone. */
export const noticedBySchema = z.enum(['callers', 'gateways', 'platform']);

/** How far a change reaches. */
export const reachSchema = z.object({
  apis: z.int().nonnegative(),
  operations: z.int().nonnegative(),
  /** Consumers that may call what changes, before or after; null where not all consumers or APIs were at hand. */
  consumers: z.int().nonnegative().nullable(),
  /** Whether also callers without a key may. */
  anybody: z.boolean(),
  gateways: z.int().nonnegative(),
  /** Use of what changes in the last `days`; null: not known. */
  traffic: z
    .object({ days: z.int().positive(), calls: z.int().nonnegative(), consumers: z.int().nonnegative() })
    .nullable(),
});

/** One change, or the same change to many things: that is told once. */
export const plannedChangeSchema = z.object({
  change: z.enum(['added', 'changed', 'removed', 'renamed']),
  /** `api`, `operation`, `pool`, `plan`, `consumer`, `gateway`, `environment`, or another kind of unit. */
  kind: z.string(),
  /** The first of them, by name: `petstore`, `petstore DELETE /pets/{id}`, `petstore/stable`. */
  names: z.array(z.string()).min(1).max(20),
  /** All of them. */
  count: z.int().positive(),
  /** As in the unit: `policy.rateLimit`. Null where the thing itself came or went. */
  field: z.string().nullable(),
  /** Short forms: secrets redacted, hashes and long texts cut. Null where there was or will be nothing, or many things. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** In words, without the subject: `600 → 300 calls a minute for each consumer`. */
  says: z.string(),
  notice: noticedBySchema,
  severity: callerSeveritySchema,
  /** How a gateway takes it, where its driver can tell. */
  takes: z.enum(['reload', 'run-time']).nullable(),
  reach: reachSchema,
});

export const changePlanSchema = z.object({
  format: z.literal(1),
  environment: nameSchema,
  /** The snapshot that it starts from; null: nothing was there. */
  before: digestSchema.nullable(),
  after: digestSchema,
  /** Units that differ. All zero if and only if nothing changes. */
  units: z.object({
    added: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    removed: z.int().nonnegative(),
  }),
  /** The worst of its changes; null: nothing changes. */
  severity: callerSeveritySchema.nullable(),
  /** Changes by severity, those that are not listed included. */
  counts: z.record(callerSeveritySchema, z.int().nonnegative()),
  reach: reachSchema,
  /** Most dangerous first. */
  changes: z.array(plannedChangeSchema).max(200),
  /** Further changes, the least dangerous ones, that are counted and not listed. */
  omitted: z.int().nonnegative(),
  /** The first of the changes that break callers and were accepted in a RuleSet, a sentence each. */
  accepted: z.array(z.string().max(1_000)).max(20).optional(),
});

export type CallerSeverity = z.infer<typeof callerSeveritySchema>;
export type NoticedBy = z.infer<typeof noticedBySchema>;
export type Reach = z.infer<typeof reachSchema>;
export type PlannedChange = z.infer<typeof plannedChangeSchema>;
export type ChangePlan = z.infer<typeof changePlanSchema>;
