import type { z } from 'zod';
import { apiResourceSchema } from './schema/api.ts';
import { consumerResourceSchema } from './schema/consumer.ts';
import { environmentResourceSchema } from './schema/environment.ts';
import { gatewayResourceSchema } from './schema/gateway.ts';
import { notificationResourceSchema } from './schema/notification.ts';
import { planResourceSchema } from './schema/plan.ts';
import { policyResourceSchema } from './schema/policy/index.ts';
import { ruleSetResourceSchema } from './schema/rule-set.ts';

/** Every kind of the language. Types, checks, suggestions, JSON Schemas and documentation come from these schemas. */
export const kindSchemas = {
  Api: apiResourceSchema,
  Policy: policyResourceSchema,
  Plan: planResourceSchema,
  Consumer: consumerResourceSchema,
  Environment: environmentResourceSchema,
  Gateway: gatewayResourceSchema,
  RuleSet: ruleSetResourceSchema,
  Notification: notificationResourceSchema,
} as const;

export type Kind = keyof typeof kindSchemas;
export type ResourceOf<K extends Kind> = z.infer<(typeof kindSchemas)[K]>;

export const kinds = Object.keys(kindSchemas) as Kind[];
export const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(kindSchemas, kind);
