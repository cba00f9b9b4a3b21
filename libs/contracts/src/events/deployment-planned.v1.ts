import { z } from 'zod';
import { unitChangeSchema } from '../artifacts/snapshot.ts';
import { defineEvent } from '../event.ts';
import { digestSchema, nameSchema } from '../names.ts';
import { causeSchema, revisionFields, revisionRefSchema } from './shared.ts';

export const deploymentPlanned = defineEvent({
  owner: 'deployer',
  fact: 'deployment-planned',
  version: 1,
  scope: 'environment',
  summary: 'The deployer decided to bring an environment to a snapshot and wrote it to `desired`.',
  data: z.object({
    ...revisionFields,
    deployment: z.uuid(),
    cause: causeSchema,
    snapshot: digestSchema,
    previous: revisionRefSchema.nullable(),
    changes: z.object({ total: z.int().nonnegative(), units: z.array(unitChangeSchema).max(500) }),
    gateways: z.array(nameSchema),
  }),
  scopeOf: (data) => data.environment,
});
