import { z } from 'zod';
import { driftFieldSchema, problemSchema, stageTimesSchema } from './events/shared.ts';
import { digestSchema, instantSchema, nameSchema } from './names.ts';

/** Key-value bucket that holds, per gateway, what it should run and what it runs. */
export const GATEWAYS_BUCKET = 'gateways';

/** An address or a network in the notation of RFC 4632 and RFC 4291, written without host bits that mean nothing. */
export const networkSchema = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
  .describe('an IPv4 or IPv6 address, or a network such as 203.0.113.0/24');

const blockShape = {
  id: z.string().min(1).max(64),
  /** When it ends by itself. */
  until: instantSchema,
  /** Why, for people; never shown to who is blocked. */
  reason: z.string().max(500),
};

/** Calls that are refused with 403 until an instant, decided while a gateway runs and never in Git. */
export const blockSchema = z.discriminatedUnion('kind', [
  z.object({ ...blockShape, kind: z.literal('address'), address: networkSchema }),
  z.object({ ...blockShape, kind: z.literal('consumer'), consumer: nameSchema }),
  /** SHA-256 of an API key, in hex. */
  z.object({ ...blockShape, kind: z.literal('key'), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** On every host: this path and everything below it. */
  z.object({
    ...blockShape,
    kind: z.literal('path'),
    path: z
      .string()
      .max(1024)
      .regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'must be segments of letters, digits, ".", "_", "~" and "-"'),
  }),
]);
export type Block = z.infer<typeof blockSchema>;

/** A value of the bucket may have 1 MiB. */
export const MAX_BLOCKS = 2_000;

/** API → pool → share of its calls: a step of a roll-out, in place of the weights that its unit says. */
export const weightsSchema = z.record(nameSchema, z.record(nameSchema, z.int().min(0).max(100)));
export type Weights = z.infer<typeof weightsSchema>;

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
  /** What is decided at run time; a change of it takes a new generation, like a change of the snapshot. */
  weights: weightsSchema.optional(),
  blocks: z.array(blockSchema).max(MAX_BLOCKS).optional(),
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
  /** What somebody should see to although the snapshot runs, such as keys that cannot be fetched anew. */
  warnings: z.array(problemSchema).max(100).optional(),
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
