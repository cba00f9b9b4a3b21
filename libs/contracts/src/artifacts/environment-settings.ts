import { z } from 'zod';
import { dateSchema } from '../names.ts';

/** Somebody who may approve: a person by mail address, or a group by name. */
const approver = z.object({ kind: z.enum(['person', 'group']), name: z.string() });

export const rolloutSchema = z.object({
  /** `gateways`: one after the other; `weight`: a share of the calls, where pools change. */
  steps: z
    .array(
      z.object({
        weight: z.int().min(1).max(100).optional(),
        gateways: z.int().min(1).max(100).optional(),
        forMs: z.int().nonnegative(),
      }),
    )
    .min(1),
  abortOn: z.array(z.enum(['error-rate', 'latency', 'slo-burn'])),
  minRequests: z.int().positive(),
  inconclusive: z.enum(['continue', 'wait', 'abort']),
});

export const freezeSchema = z.object({
  rrule: z.string(),
  forMs: z.int().positive(),
  timezone: z.string(),
  reason: z.string().optional(),
});

/** Everything of an environment that says how it is kept; an optional field that is absent asks for nothing. */
export const environmentSettings = {
  promotion: z.object({
    soakMs: z.int().nonnegative(),
    approvals: z.int().nonnegative(),
    approvers: z.array(approver).min(1).optional(),
    minRequests: z.int().positive().optional(),
    checks: z.array(z.string()).min(1).optional(),
    mode: z.literal('manual').optional(),
  }),
  /** What the traffic must show before a deployment is judged. */
  analysis: z.object({ windowMs: z.int().positive(), minRequests: z.int().positive() }),
  drift: z.object({
    mode: z.enum(['heal', 'alert', 'adopt']),
    intervalMs: z.int().positive(),
    ignore: z.array(z.object({ path: z.string(), reason: z.string(), until: dateSchema })).optional(),
  }),
  rollout: rolloutSchema.optional(),
  freeze: z.array(freezeSchema).optional(),
  /** Percent of its APIs that one commit may remove without being asked. */
  prune: z.object({ guardPercent: z.int().min(0).max(100) }).optional(),
  /** How many gateways must take a change before any keeps it. */
  apply: z.enum(['quorum', 'best-effort']).optional(),
  /** `object`: what is broken is held back alone. */
  holdBack: z.literal('object').optional(),
  rollback: z.object({ mode: z.enum(['automatic', 'manual']), maxSteps: z.int().positive() }).optional(),
};

export type Rollout = z.infer<typeof rolloutSchema>;
export type Freeze = z.infer<typeof freezeSchema>;
