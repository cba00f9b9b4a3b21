import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema } from '../names.ts';
import { findingsSchema } from './shared.ts';

export const trafficSampleSchema = z.object({
  requests: z.int().nonnegative(),
  /** Answers with status 5xx, the gateway's own included. */
  errors: z.int().nonnegative(),
  p50Ms: z.number().nonnegative().nullable(),
  p95Ms: z.number().nonnegative().nullable(),
});
export type TrafficSample = z.infer<typeof trafficSampleSchema>;

export const trafficJudged = defineEvent({
  owner: 'analytics',
  fact: 'traffic-judged',
  version: 1,
  scope: 'environment',
  summary: 'What the traffic says of a deployment, compared with the revision before it, and on which evidence.',
  data: z.object({
    environment: nameSchema,
    deployment: z.uuid(),
    commit: commitSchema,
    snapshot: digestSchema,
    baseline: digestSchema.nullable(),
    outcome: z.enum(['healthy', 'regressed', 'inconclusive']),
    from: instantSchema,
    to: instantSchema,
    /** Per API that was called in the window, the worst first; at most 100. */
    apis: z
      .array(z.object({ api: nameSchema, after: trafficSampleSchema, before: trafficSampleSchema.nullable() }))
      .max(100),
    /** Why: one finding for each API that got worse, or what was missing. */
    evidence: findingsSchema,
  }),
  scopeOf: (data) => data.environment,
});
