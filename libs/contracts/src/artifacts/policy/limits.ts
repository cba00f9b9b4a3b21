import { z } from 'zod';

/** Whose calls are counted together. `consumer` falls back to the client address where nobody is authenticated. */
const countedBy = {
  by: z.enum(['consumer', 'ip', 'api', 'plan', 'header']),
  /** Lower-case name of the header whose value is counted by; only with `by: header`. */
  header: z.string().optional(),
};

export const rateLimitSchema = z.object({
  requests: z.int().positive(),
  /** Length of the fixed window. */
  windowMs: z.int().positive(),
  ...countedBy,
  /** Calls let through at once beyond the rate. */
  burst: z.int().positive().optional(),
});

export const quotaSchema = z.object({
  requests: z.int().positive(),
  /** Calendar periods, in UTC. */
  per: z.enum(['day', 'week', 'month']),
  ...countedBy,
});

export const concurrencySchema = z.object({
  requests: z.int().positive(),
  ...countedBy,
  /** How many wait, and for how long, before they are refused. */
  queue: z.int().nonnegative(),
  queueTimeoutMs: z.int().positive(),
});

/** What one request may weigh. */
export const requestLimitsSchema = z.object({
  bodyBytes: z.int().positive().optional(),
  headersBytes: z.int().positive().optional(),
  headerCount: z.int().positive().optional(),
  urlBytes: z.int().positive().optional(),
  /** Media types of bodies, lower case; `type/*` for all of a type. */
  contentTypes: z.array(z.string()).optional(),
});

export type RateLimit = z.infer<typeof rateLimitSchema>;
export type Quota = z.infer<typeof quotaSchema>;
