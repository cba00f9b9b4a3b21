import { z } from 'zod';

export const corsSchema = z.object({
  /** `*`, or origins as browsers send them; a leading `*.` label stands for every subdomain. */
  origins: z.array(z.string()).min(1),
  methods: z.array(z.string()),
  headers: z.array(z.string()),
  exposeHeaders: z.array(z.string()),
  credentials: z.boolean(),
  maxAgeMs: z.int().nonnegative(),
});

const headerChanges = z.object({
  /** Lower-case name → value. */
  set: z.record(z.string(), z.string()).optional(),
  add: z.record(z.string(), z.string()).optional(),
  remove: z.array(z.string()).optional(),
});
export const headersSchema = z.object({ request: headerChanges.optional(), response: headerChanges.optional() });

export const rewriteSchema = z.object({
  /** Put before the path once the base path is off. */
  prefix: z.string().optional(),
  host: z.string().optional(),
  /** Path templates; the first that matches wins. */
  paths: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
});
export const redirectSchema = z.object({
  from: z.string(),
  to: z.string(),
  status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]),
});

export const compressionSchema = z.object({ types: z.array(z.string()).min(1), minSizeBytes: z.int().nonnegative() });

export const cacheSchema = z.object({
  ttlMs: z.int().positive(),
  methods: z.array(z.enum(['GET', 'HEAD'])).min(1),
  statuses: z.array(z.int()).min(1),
  vary: z.array(z.string()),
  maxBodyBytes: z.int().positive(),
});

/** Every call is answered so, but those of the addresses that are allowed. */
export const maintenanceSchema = z.object({
  status: z.int().min(400).max(599),
  message: z.string(),
  retryAfterMs: z.int().positive().optional(),
  allow: z.array(z.string()),
});

export const errorsSchema = z.object({ format: z.enum(['problem+json', 'text']), typeBase: z.string().optional() });
