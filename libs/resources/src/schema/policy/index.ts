import { z } from 'zod';
import { resource, selectorSchema } from '../common.ts';
import { authSchema, operationAuthSchema } from './auth.ts';
import {
  cacheSpecSchema,
  compressionSpecSchema,
  corsSpecSchema,
  errorsSpecSchema,
  headersSpecSchema,
  maintenanceSpecSchema,
  redirectSpecSchema,
  rewriteSpecSchema,
} from './exchange.ts';
import { concurrencySpecSchema, quotaSpecSchema, rateLimitSpecSchema, requestLimitsSpecSchema } from './limits.ts';
import {
  accessLogSpecSchema,
  allowSpecSchema,
  ipSpecSchema,
  operationId,
  threatProtectionSpecSchema,
} from './protection.ts';
import {
  canarySpecSchema,
  circuitBreakerSpecSchema,
  loadBalancingSpecSchema,
  mirrorSpecSchema,
  retriesSpecSchema,
  timeoutSchema,
} from './traffic.ts';

/** A group that is taken whole from the last layer that has it; null takes away what was inherited. */
const group = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

export const rateLimitsShape = {
  rateLimit: rateLimitSpecSchema.nullable().describe('A limit; null takes inherited ones away.').optional(),
  rateLimits: z
    .array(rateLimitSpecSchema)
    .min(1)
    .max(10)
    .describe('Several limits that must all hold, in place of rateLimit.')
    .optional(),
};
export const quotasShape = {
  quota: quotaSpecSchema.nullable().describe('A quota; null takes inherited ones away.').optional(),
  quotas: z
    .array(quotaSpecSchema)
    .min(1)
    .max(10)
    .describe('Several quotas that must all hold, in place of quota.')
    .optional(),
};

/** What may be said for a single operation as well. */
const perOperation = {
  ...rateLimitsShape,
  ...quotasShape,
  concurrency: group(concurrencySpecSchema),
  request: group(requestLimitsSpecSchema),
  timeout: timeoutSchema.optional(),
  retries: group(retriesSpecSchema),
  cors: group(corsSpecSchema),
  headers: group(headersSpecSchema),
  ip: group(ipSpecSchema),
  cache: group(cacheSpecSchema),
  maintenance: group(maintenanceSpecSchema),
  threatProtection: group(threatProtectionSpecSchema),
  accessLog: group(accessLogSpecSchema),
};

/** One limit or several, never both. */
export const oneForm = (
  layer: { rateLimit?: unknown; rateLimits?: unknown; quota?: unknown; quotas?: unknown },
  issues: z.RefinementCtx,
) => {
  for (const [one, several] of [
    ['rateLimit', 'rateLimits'],
    ['quota', 'quotas'],
  ] as const) {
    if (layer[one] === undefined || layer[several] === undefined) continue;
    issues.addIssue({ code: 'custom', path: [several], message: `is set beside \`${one}\`: use one of them` });
  }
};

export const operationPolicySchema = z
  .strictObject({ auth: operationAuthSchema.optional(), ...perOperation })
  .superRefine(oneForm)
  .describe('What differs for this operation.');

const policyShape = {
  auth: authSchema.optional(),
  ...perOperation,
  allow: group(allowSpecSchema),
  circuitBreaker: group(circuitBreakerSpecSchema),
  loadBalancing: group(loadBalancingSpecSchema),
  canary: group(canarySpecSchema),
  mirror: group(mirrorSpecSchema),
  rewrite: group(rewriteSpecSchema),
  redirects: group(z.array(redirectSpecSchema).max(500).describe('Paths that are answered with another address.')),
  compression: group(compressionSpecSchema),
  errors: group(errorsSpecSchema),
  operations: z
    .record(operationId, operationPolicySchema)
    .describe('What differs for single operations, by operationId.')
    .optional(),
};

export const policyFieldsSchema = z.strictObject(policyShape).superRefine(oneForm).describe('Gateway behaviour.');

export const policyResourceSchema = resource(
  'Policy',
  'A named, reusable set of gateway behaviour: attached by reference or by label selector.',
  z
    .strictObject({
      ...policyShape,
      default: z.boolean().describe('Every API gets this policy, before all others; false when not given.').optional(),
      selector: selectorSchema.describe('APIs that get this policy without naming it.').optional(),
      priority: z
        .int()
        .min(-1000)
        .max(1000)
        .describe(
          'Order among defaults and among selector matches: a higher one is merged later and wins; 0 when not given.',
        )
        .optional(),
    })
    .superRefine(oneForm)
    .refine((spec) => spec.default !== true || spec.selector === undefined, {
      message: 'is set, but a default policy is for every API',
      path: ['selector'],
    }),
);

export type PolicyFields = z.infer<typeof policyFieldsSchema>;
export type OperationPolicyFields = z.infer<typeof operationPolicySchema>;
export type PolicyResource = z.infer<typeof policyResourceSchema>;
export * from './auth.ts';
export * from './exchange.ts';
export * from './limits.ts';
export * from './protection.ts';
export * from './traffic.ts';
