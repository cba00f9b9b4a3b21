import { z } from 'zod';
import { dateSchema, digestSchema, nameSchema } from '../names.ts';
import { environmentSettings } from './environment-settings.ts';
import { notificationUnitSchema } from './notification.ts';
import { policySchema, quotaSchema, rateLimitSchema } from './policy/index.ts';

/**
 * Units: the gateway-neutral intermediate form. Each is one thing that changes by itself, fully resolved, with
 * nothing left to look up. Its canonical JSON's digest is its name in the artifact store (`unit.<digest>`).
 * All durations are whole milliseconds, all sizes bytes. An optional field that is absent asks for nothing.
 */
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

/** A target with this many failures in a row is left alone for `ejectForMs`. */
export const passiveHealthCheckSchema = z.object({
  failures: z.int().positive(),
  ejectForMs: z.int().positive(),
});

export const upstreamTlsSchema = z.object({
  verify: z.boolean(),
  serverName: z.string().optional(),
  /** Authorities as PEM, in place of the system's. */
  ca: z.array(z.string()).min(1).optional(),
  clientCertificate: z.object({ secret: z.string() }).optional(),
});

export const poolSchema = z.object({
  name: nameSchema,
  /** Share of the API's calls, 0–100; the weights of an API's pools sum to more than 0. */
  weight: z.int().min(0).max(100),
  targets: z.array(targetSchema).min(1),
  healthCheck: healthCheckSchema.nullable(),
  passiveHealthCheck: passiveHealthCheckSchema.optional(),
  /** Time in which a target that comes back is brought to its full share. */
  slowStartMs: z.int().positive().optional(),
  /** How often names are resolved again. */
  resolveEveryMs: z.int().positive().optional(),
  maxConnections: z.int().positive().optional(),
  protocol: z.enum(['http1', 'http2', 'grpc']).optional(),
  tls: upstreamTlsSchema.optional(),
});

/** A condition on the request, beyond host and path. */
export const requestMatchSchema = z.object({
  in: z.enum(['header', 'query', 'cookie']),
  name: z.string(),
  /** The value that it must have; when absent, it must be there. */
  value: z.string().optional(),
});

export const deprecationSchema = z.object({
  since: dateSchema.optional(),
  /** The day from which it may be gone. */
  sunset: dateSchema.optional(),
  link: z.string().optional(),
});

export const sloSchema = z.object({
  /** Percent of calls that must succeed. */
  availability: z.number().gt(0).lt(100).optional(),
  /** Milliseconds within which that share of calls must be answered. */
  latency: z
    .object({
      p50Ms: z.int().positive().optional(),
      p90Ms: z.int().positive().optional(),
      p95Ms: z.int().positive().optional(),
      p99Ms: z.int().positive().optional(),
    })
    .optional(),
  windowMs: z.int().positive(),
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
    /** Lower case; exact, or `*.` and a domain for every name one label below it; empty: any host. */
    hosts: z.array(z.string()),
    /** Starts with `/`, never ends with one unless it is `/`. */
    basePath: z.string(),
    keepBasePath: z.boolean(),
    /** Refuse what OpenAPI does not declare. */
    onlyDeclaredOperations: z.literal(true).optional(),
    /** All of them must hold. */
    match: z.array(requestMatchSchema).min(1).optional(),
    /** Listeners that serve it, by name; when absent, all of them. */
    listeners: z.array(nameSchema).min(1).optional(),
  }),
  openapi: z.object({ title: z.string(), version: z.string(), digest: digestSchema }),
  /** Sorted by path, then method. */
  operations: z.array(operationSchema),
  pools: z.array(poolSchema).min(1),
  /** Plans that may call it; empty: any authenticated consumer. */
  plans: z.array(nameSchema),
  /** Plan → the operations that it opens, for those that do not open all of them. */
  planOperations: z.record(z.string(), z.array(z.string())).optional(),
  policy: policySchema,
  deprecation: deprecationSchema.optional(),
  slo: sloSchema.optional(),
});

export const planUnitSchema = z.object({
  kind: z.literal('plan'),
  name: nameSchema,
  /** Counted per consumer and API; in place of the API's own limits for the plan's subscribers. */
  rateLimits: z.array(rateLimitSchema),
  quotas: z.array(quotaSchema).optional(),
});

export const consumerSchema = z.object({
  name: nameSchema,
  owner: z.string().nullable(),
  /** Lower-case hex SHA-256 of each API key. */
  keyHashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Hash → the last day on which the key is good. */
  keyExpiries: z.record(z.string(), dateSchema).optional(),
  /** Token claims that are this consumer's, by issuer. */
  jwt: z.array(z.object({ issuer: z.string(), claim: z.string(), value: z.string() })).optional(),
  /** Client certificates, by what they carry. */
  mtls: z.array(z.object({ by: z.enum(['subject', 'dns', 'sha256']), value: z.string() })).optional(),
  /** User name → password as crypt(3) writes it. */
  basic: z.record(z.string(), z.string()).optional(),
  plans: z.array(nameSchema),
  suspended: z.boolean(),
});

/** A shard of consumers, by the first hex digit pair of the SHA-256 of the name: a new key among 50,000 is one small unit. */
export const consumersUnitSchema = z.object({
  kind: z.literal('consumers'),
  name: z.string().regex(/^[0-9a-f]{2}$/),
  consumers: z.array(consumerSchema),
});

export const listenerTlsSchema = z.object({
  certificates: z
    .array(
      z.object({
        /** The chain as PEM, or the secret that holds chain and key. */
        certificate: z.union([z.object({ pem: z.string() }), z.object({ secret: z.string() })]),
        key: z.object({ secret: z.string() }).optional(),
      }),
    )
    .min(1),
  minVersion: z.enum(['1.2', '1.3']),
  /** Whether clients are asked for a certificate; which authorities count, an API's `mtls` says. */
  clientCertificates: z.enum(['request', 'require']).optional(),
});

export const listenerSchema = z.object({
  name: nameSchema,
  protocol: z.enum(['http', 'https']),
  port: z.int().min(1).max(65535),
  tls: listenerTlsSchema.optional(),
});

export const gatewayUnitSchema = z.object({
  kind: z.literal('gateway'),
  name: nameSchema,
  driver: z.string(),
  listeners: z.array(listenerSchema).min(1),
  /** Where callers reach it. */
  address: z.string().optional(),
  /** CIDR ranges of proxies whose word on the client's address counts. */
  trustedProxies: z.array(z.string()).optional(),
});

export const environmentUnitSchema = z.object({
  kind: z.literal('environment'),
  name: nameSchema,
  gateways: z.array(nameSchema).min(1),
  promoteFrom: nameSchema.nullable(),
  ...environmentSettings,
});

export const unitSchema = z.discriminatedUnion('kind', [
  apiUnitSchema,
  planUnitSchema,
  consumersUnitSchema,
  gatewayUnitSchema,
  environmentUnitSchema,
  notificationUnitSchema,
]);

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
export type NotificationUnit = z.infer<typeof notificationUnitSchema>;
export type Unit = z.infer<typeof unitSchema>;
export type UnitKind = Unit['kind'];
