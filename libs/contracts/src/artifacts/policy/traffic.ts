import { z } from 'zod';

/** Milliseconds. `request`: until the upstream's response headers; `connect`: until its connection stands. */
export const timeoutsSchema = z.object({
  connectMs: z.int().positive(),
  requestMs: z.int().positive(),
  /** Longest silence of a connection that was upgraded or streams. */
  idleMs: z.int().positive().optional(),
});

export const retriesSchema = z.object({
  /** Beyond the first try. */
  attempts: z.int().positive(),
  on: z.array(z.enum(['connect-failure', 'no-answer', 'timeout', '500', '502', '503', '504', '429'])).min(1),
  methods: z.array(z.string()).min(1),
  perTryMs: z.int().positive().optional(),
});

export const circuitBreakerSchema = z.object({
  /** Failures in a row after which a target is left alone for a while. */
  failures: z.int().positive(),
  on: z.array(z.enum(['connect-failure', 'timeout', '5xx', '429'])).min(1),
  openForMs: z.int().positive(),
});

export const loadBalancingSchema = z.object({
  algorithm: z.enum(['round-robin', 'least-connections', 'random', 'hash']),
  hash: z
    .object({ by: z.enum(['ip', 'consumer', 'path', 'header', 'cookie']), name: z.string().optional() })
    .optional(),
  sticky: z.object({ cookie: z.string(), lifetimeMs: z.int().positive().optional() }).optional(),
});

/** Calls that go to a pool whatever the weights say. */
export const canarySchema = z.object({
  pool: z.string(),
  match: z.array(z.object({ in: z.enum(['header', 'cookie']), name: z.string(), value: z.string().optional() })),
  /** What keeps a caller on the side that the weights once gave it. */
  sticky: z.enum(['consumer', 'ip', 'none']),
});

export const mirrorSchema = z.object({ pool: z.string(), percent: z.int().min(1).max(100) });
