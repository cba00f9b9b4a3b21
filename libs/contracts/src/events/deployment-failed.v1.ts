import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { digestSchema, nameSchema } from '../names.ts';
import { causeSchema, problemSchema, revisionFields, revisionRefSchema } from './shared.ts';

export const deploymentFailed = defineEvent({
  owner: 'deployer',
  fact: 'deployment-failed',
  version: 1,
  scope: 'environment',
  summary: 'A gateway refused the snapshot or did not answer in time; the environment was put back to what it had.',
  data: z.object({
    ...revisionFields,
    deployment: z.uuid(),
    cause: causeSchema,
    snapshot: digestSchema,
    /** What `desired` names again; null where nothing ever ran. */
    restored: revisionRefSchema.nullable(),
    reason: z.enum(['refused', 'timeout']),
    gateways: z.array(z.object({ name: nameSchema, problems: z.array(problemSchema) })),
  }),
  scopeOf: (data) => data.environment,
});
