import { z } from 'zod';
import { authPolicySchema } from './auth.ts';
import {
  cacheSchema,
  compressionSchema,
  corsSchema,
  errorsSchema,
  headersSchema,
  maintenanceSchema,
  redirectSchema,
  rewriteSchema,
} from './exchange.ts';
import { concurrencySchema, quotaSchema, rateLimitSchema, requestLimitsSchema } from './limits.ts';
import { accessLogSchema, allowSchema, ipSchema, threatProtectionSchema } from './protection.ts';
import {
  canarySchema,
  circuitBreakerSchema,
  loadBalancingSchema,
  mirrorSchema,
  retriesSchema,
  timeoutsSchema,
} from './traffic.ts';

/** What may differ for one operation, each in place of the API's own. */
const perOperation = {
  quotas: z.array(quotaSchema).optional(),
  concurrency: concurrencySchema.optional(),
  request: requestLimitsSchema.optional(),
  retries: retriesSchema.optional(),
  cors: corsSchema.optional(),
  headers: headersSchema.optional(),
  ip: ipSchema.optional(),
  cache: cacheSchema.optional(),
  maintenance: maintenanceSchema.optional(),
  threatProtection: threatProtectionSchema.optional(),
  accessLog: accessLogSchema.optional(),
};

export const operationPolicySchema = z.object({
  auth: authPolicySchema.optional(),
  rateLimits: z.array(rateLimitSchema).optional(),
  timeouts: timeoutsSchema.optional(),
  ...perOperation,
});

/** An API's behaviour once all policies are merged. A field that is absent asks for nothing. */
export const policySchema = z.object({
  auth: authPolicySchema,
  /** All of them must hold. */
  rateLimits: z.array(rateLimitSchema),
  timeouts: timeoutsSchema,
  ...perOperation,
  allow: allowSchema.optional(),
  circuitBreaker: circuitBreakerSchema.optional(),
  loadBalancing: loadBalancingSchema.optional(),
  canary: canarySchema.optional(),
  mirror: mirrorSchema.optional(),
  rewrite: rewriteSchema.optional(),
  redirects: z.array(redirectSchema).optional(),
  compression: compressionSchema.optional(),
  errors: errorsSchema.optional(),
  /** By operation id. */
  operations: z.record(z.string(), operationPolicySchema).optional(),
});

export type EffectivePolicy = z.infer<typeof policySchema>;
export type OperationPolicy = z.infer<typeof operationPolicySchema>;
export * from './auth.ts';
export * from './limits.ts';
export * from './traffic.ts';
export * from './exchange.ts';
export * from './protection.ts';
