import { z } from 'zod';
import { findingCountsSchema } from '../artifacts/finding.ts';
import { unitChangeSchema } from '../artifacts/snapshot.ts';
import { incidentSchema, timelineEntrySchema } from '../events/incident.ts';
import { causeSchema, driftFieldSchema, problemSchema, stageTimesSchema } from '../events/shared.ts';
import { trafficSampleSchema } from '../events/traffic-judged.v1.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema, personSchema } from '../names.ts';

/** What the services answer to read-only queries (behind the console: `/api/...`). Lists are newest first. */

/** git-watcher `GET /sources`. */
export const sourceViewSchema = z.object({
  name: nameSchema,
  repository: z.string(),
  branches: z.array(z.string()),
  state: z.enum(['watching', 'failing', 'starting']),
  /** What the last failure was, in words; null when there is none. */
  failure: z.string().nullable(),
  heads: z.array(z.object({ ref: z.string(), commit: commitSchema, detectedAt: instantSchema })),
  lastPolledAt: instantSchema.nullable(),
  lastWebhookAt: instantSchema.nullable(),
});

/** validator `GET /commits?limit=`. */
export const commitViewSchema = z.object({
  source: nameSchema,
  ref: z.string(),
  commit: commitSchema,
  author: personSchema,
  message: z.string(),
  validatedAt: instantSchema,
  durationMs: z.number(),
  counts: findingCountsSchema,
  report: digestSchema,
  environments: z.array(
    z.object({
      name: nameSchema,
      outcome: z.enum(['validated', 'rejected']),
      snapshot: digestSchema.nullable(),
      /** Of the plan against what was live when the commit was judged. */
      plan: digestSchema.optional(),
    }),
  ),
});

export const deploymentStateSchema = z.enum([
  'waiting',
  'awaiting-approval',
  'applying',
  'live',
  'failed',
  'rolled-back',
  'superseded',
]);

/** deployer `GET /deployments?environment=&limit=`. */
export const deploymentViewSchema = z.object({
  deployment: z.uuid(),
  environment: nameSchema,
  source: nameSchema,
  ref: z.string(),
  commit: commitSchema,
  snapshot: digestSchema,
  cause: causeSchema,
  state: deploymentStateSchema,
  /** Why it is in that state, in words. */
  detail: z.string(),
  changes: z.object({ total: z.int(), units: z.array(unitChangeSchema) }),
  author: personSchema.nullable(),
  message: z.string().nullable(),
  createdAt: instantSchema,
  endedAt: instantSchema.nullable(),
  verdict: z.enum(['healthy', 'regressed', 'inconclusive']).nullable(),
  times: stageTimesSchema,
});

export const gatewayViewSchema = z.object({
  name: nameSchema,
  inSync: z.boolean(),
  desired: digestSchema.nullable(),
  running: digestSchema.nullable(),
  generation: z.int(),
  problems: z.array(problemSchema),
  drift: z.array(driftFieldSchema),
  listeners: z.record(z.string(), z.string()),
  proxy: z.string(),
  reportedAt: instantSchema.nullable(),
});

/** deployer `GET /environments`. */
export const environmentViewSchema = z.object({
  name: nameSchema,
  promoteFrom: nameSchema.nullable(),
  /** What serves now. */
  live: z
    .object({ deployment: z.uuid(), commit: commitSchema, snapshot: digestSchema, since: instantSchema })
    .nullable(),
  /** What is under way or waits: newest only. */
  next: deploymentViewSchema.nullable(),
  pin: z.object({ bad: digestSchema, badCommit: commitSchema, since: instantSchema, reason: z.string() }).nullable(),
  gateways: z.array(gatewayViewSchema),
});

/** analytics `GET /traffic?environment=&minutes=`. */
export const trafficViewSchema = z.object({
  environment: nameSchema,
  from: instantSchema,
  to: instantSchema,
  apis: z.array(
    trafficSampleSchema.extend({
      api: nameSchema,
      /** Calls by status class, `2xx` … `5xx`. */
      byStatus: z.record(z.string(), z.int()),
      operations: z.array(trafficSampleSchema.extend({ operation: z.string().nullable() })),
      consumers: z.array(z.object({ consumer: z.string().nullable(), calls: z.int() })),
    }),
  ),
});

/** notifier `GET /incidents?state=`. */
export const incidentViewSchema = incidentSchema.omit({ entry: true, entries: true }).extend({
  timeline: z.array(timelineEntrySchema),
});

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

export type SourceView = z.infer<typeof sourceViewSchema>;
export type CommitView = z.infer<typeof commitViewSchema>;
export type DeploymentState = z.infer<typeof deploymentStateSchema>;
export type DeploymentView = z.infer<typeof deploymentViewSchema>;
export type GatewayView = z.infer<typeof gatewayViewSchema>;
export type EnvironmentView = z.infer<typeof environmentViewSchema>;
export type TrafficView = z.infer<typeof trafficViewSchema>;
export type IncidentView = z.infer<typeof incidentViewSchema>;
