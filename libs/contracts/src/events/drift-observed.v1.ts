import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { digestSchema, instantSchema, nameSchema } from '../names.ts';
import { driftFieldSchema } from './shared.ts';

export const driftObserved = defineEvent({
  owner: 'gateway-agent',
  fact: 'drift-observed',
  version: 1,
  scope: 'environment',
  summary: 'An agent read back something other than what it had applied.',
  data: z.object({
    environment: nameSchema,
    gateway: nameSchema,
    generation: z.int(),
    snapshot: digestSchema,
    fields: z.array(driftFieldSchema).min(1).max(100),
    observedAt: instantSchema,
  }),
  scopeOf: (data) => data.environment,
});
