import { z } from 'zod';
import { digestSchema, nameSchema } from '../names.ts';

/**
 * Units: the gateway-neutral intermediate form. Each is one thing that changes by itself, fully resolved, with
 * nothing left to look up. Its canonical JSON's digest is its name in the artifact store (`unit.<digest>`).
 * All durations are whole milliseconds.
 */
export const authPolicySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** A key is sent in `header`, in `Authorization: Bearer`, or in query parameter `query`, where those are set. */
  z.object({
    kind: z.literal('apiKey'),
    header: z.string(),
    bearer: z.boolean(),
    query: z.string().nullable(),
  }),
]);

export const rateLimitSchema = z.object({
  requests: z.int().positive(),
  /** Length of the fixed window. */
  windowMs: z.int().positive(),
  /** Whose calls are counted together. `consumer` falls back to the client address where nobody is authenticated. */
  by: z.enum(['consumer', 'ip', 'api']),
});

export const policySchema = z.object({
  auth: authPolicySchema,
  rateLimit: rateLimitSchema.nullable(),
  /** `requestMs`: until the upstream's response headers; `connectMs`: until its connection stands. */
  timeouts: z.object({ connectMs: z.int().positive(), requestMs: z.int().positive() }),
});

export const targetSchema = z.object({
  scheme: z.enum(['http', 'https']),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  /** Share of the pool's calls relative to its siblings, 1–256. */
  weight: z.int().min(1).max(256),
});

export const healthCheckSchema = z.object({
  path: z.string().startsWith('/'),
  intervalMs: z.int().positive(),
  unhealthyAfter: z.int().positive(),
  healthyAfter: z.int().positive(),
});

export const poolSchema = z.object({
  name: nameSchema,
  /** Share of the API's calls, 0–100; the weights of an API's pools sum to more than 0. */
  weight: z.int().min(0).max(100),
  targets: z.array(targetSchema).min(1),
  healthCheck: healthCheckSchema.nullable(),
});

export const operationSchema = z.object({
  /** OpenAPI's `operationId`, or `<method> <path>` where the document has none. */
  id: z.string(),
  method: z.string(),
  /** Template under the base path, as in `/pets/{petId}`. */
  path: z.string(),
});

export const apiUnitSchema = z.object({
  kind: z.literal('api'),
  name: nameSchema,
  labels: z.record(z.string(), z.string()),
  owner: z.string().nullable(),
  lifecycle: z.enum(['experimental', 'active', 'deprecated', 'retired']),
  visibility: z.enum(['public', 'partner', 'internal']),
  route: z.object({
    /** Lower case, exact; empty: any host. */
    hosts: z.array(z.string()),
    /** Starts with `/`, never ends with one unless it is `/`. */
    basePath: z.string(),
    keepBasePath: z.boolean(),
  }),
  openapi: z.object({ title: z.string(), version: z.string(), digest: digestSchema }),
  /** Sorted by path, then method. */
  operations: z.array(operationSchema),
  pools: z.array(poolSchema).min(1),
  /** Plans that may call it; empty: any authenticated consumer. */
  plans: z.array(nameSchema),
  policy: policySchema,
});

export const planUnitSchema = z.object({
  kind: z.literal('plan'),
  name: nameSchema,
  /** Counted per consumer and API; in place of the API's own limit for the plan's subscribers. */
  rateLimit: rateLimitSchema.nullable(),
});

export const consumerSchema = z.object({
  name: nameSchema,
  owner: z.string().nullable(),
  /** Lower-case hex SHA-256 of each API key. */
  keyHashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  plans: z.array(nameSchema),
  suspended: z.boolean(),
});

/** A shard of consumers, by the first hex digit pair of the SHA-256 of the name: a new key among 50,000 is one small unit. */
export const consumersUnitSchema = z.object({
  kind: z.literal('consumers'),
  name: z.string().regex(/^[0-9a-f]{2}$/),
  consumers: z.array(consumerSchema),
});

export const listenerSchema = z.object({
  name: nameSchema,
  protocol: z.literal('http'),
  port: z.int().min(1).max(65535),
});

export const gatewayUnitSchema = z.object({
  kind: z.literal('gateway'),
  name: nameSchema,
  driver: z.string(),
  listeners: z.array(listenerSchema).min(1),
});

export const environmentUnitSchema = z.object({
  kind: z.literal('environment'),
  name: nameSchema,
  gateways: z.array(nameSchema).min(1),
  promoteFrom: nameSchema.nullable(),
  promotion: z.object({ soakMs: z.int().nonnegative(), approvals: z.int().nonnegative() }),
  /** What the traffic must show before a deployment is judged. */
  analysis: z.object({ windowMs: z.int().positive(), minRequests: z.int().positive() }),
  drift: z.object({ mode: z.enum(['heal', 'alert']), intervalMs: z.int().positive() }),
});

export const unitSchema = z.discriminatedUnion('kind', [
  apiUnitSchema,
  planUnitSchema,
  consumersUnitSchema,
  gatewayUnitSchema,
  environmentUnitSchema,
]);

export type AuthPolicy = z.infer<typeof authPolicySchema>;
export type RateLimit = z.infer<typeof rateLimitSchema>;
export type EffectivePolicy = z.infer<typeof policySchema>;
export type Target = z.infer<typeof targetSchema>;
export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type Pool = z.infer<typeof poolSchema>;
export type Operation = z.infer<typeof operationSchema>;
export type ApiUnit = z.infer<typeof apiUnitSchema>;
export type PlanUnit = z.infer<typeof planUnitSchema>;
export type ConsumerEntry = z.infer<typeof consumerSchema>;
export type ConsumersUnit = z.infer<typeof consumersUnitSchema>;
export type Listener = z.infer<typeof listenerSchema>;
export type GatewayUnit = z.infer<typeof gatewayUnitSchema>;
export type EnvironmentUnit = z.infer<typeof environmentUnitSchema>;
export type Unit = z.infer<typeof unitSchema>;
export type UnitKind = Unit['kind'];
