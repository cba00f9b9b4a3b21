import { z } from 'zod';
import { driftFieldSchema, problemSchema, stageTimesSchema } from './events/shared.ts';
import { digestSchema, instantSchema, nameSchema } from './names.ts';

/** Key-value bucket that holds, per gateway, what it should run and what it runs. */
export const GATEWAYS_BUCKET = 'gateways';

/** Written by the deployer alone, at key `desired.<environment>.<gateway>`. */
export const desiredSchema = z.object({
  environment: nameSchema,
  gateway: nameSchema,
  /** Grows by one with every write; an agent never goes back to a smaller one. */
  generation: z.int().positive(),
  phase: z.enum(['prepare', 'run']),
  /** Artifact `snapshot.<digest>`. */
  snapshot: digestSchema,
  /** The deployment that wants it, for logs and traces. */
  deployment: z.uuid(),
  traceparent: z.string().nullable(),
  writtenAt: instantSchema,
});

/** Written by the gateway's agent alone, at key `reported.<environment>.<gateway>`, always from what was read back. */
export const reportedSchema = z.object({
  environment: nameSchema,
  gateway: nameSchema,
  /** The generation of `desired` that this answers; 0 before the first. */
  generation: z.int().nonnegative(),
  /** The snapshot that the gateway really serves, read back through its data path; null: none, or unknown. */
  running: digestSchema.nullable(),
  /** The snapshot that passed the gateway's own check last and could be run at once. */
  prepared: digestSchema.nullable(),
  /** Why the snapshot of `generation` does not run; empty when it does. */
  problems: z.array(problemSchema),
  /** What differs from what was applied; empty when nothing does. */
  drift: z.array(driftFieldSchema).max(100),
  agent: z.object({ version: z.string(), instance: z.string() }),
  proxy: z.object({ name: z.string(), version: z.string().nullable() }),
  /** Where its listeners can be reached from the agent's machine, by listener name: `127.0.0.1:8080`. */
  listeners: z.record(z.string(), z.string()),
  times: stageTimesSchema,
  reportedAt: instantSchema,
});

export type Desired = z.infer<typeof desiredSchema>;
export type Reported = z.infer<typeof reportedSchema>;

export const desiredKey = (environment: string, gateway: string) => `desired.${environment}.${gateway}`;
export const reportedKey = (environment: string, gateway: string) => `reported.${environment}.${gateway}`;
