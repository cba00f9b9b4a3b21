import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';
import { driftFieldSchema } from './shared.ts';

export const driftDetected = defineEvent({
  owner: 'deployer',
  fact: 'drift-detected',
  version: 1,
  scope: 'environment',
  summary: 'A gateway has something that nobody pushed; `action` says what the environment does about it.',
  data: z.object({
    environment: nameSchema,
    gateway: nameSchema,
    drift: z.uuid(),
    action: z.enum(['heal', 'alert']),
    fields: z.array(driftFieldSchema).min(1).max(100),
  }),
  scopeOf: (data) => data.environment,
});
