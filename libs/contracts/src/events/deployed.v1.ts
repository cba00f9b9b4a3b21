import { z } from 'zod';
import { unitChangeSchema } from '../artifacts/snapshot.ts';
import { defineEvent } from '../event.ts';
import { digestSchema, instantSchema, nameSchema } from '../names.ts';
import { causeSchema, revisionFields, revisionRefSchema, stageTimesSchema } from './shared.ts';

export const deployed = defineEvent({
  owner: 'deployer',
  fact: 'deployed',
  version: 1,
  scope: 'environment',
  summary: 'Every gateway of the environment was read back and serves the snapshot.',
  data: z.object({
    ...revisionFields,
    deployment: z.uuid(),
    cause: causeSchema,
    snapshot: digestSchema,
    /** What ran before; equal to `snapshot` where the commit changed nothing that a gateway sees. */
    previous: revisionRefSchema.nullable(),
    changes: z.object({ total: z.int().nonnegative(), units: z.array(unitChangeSchema).max(500) }),
    gateways: z.array(z.object({ name: nameSchema, generation: z.int(), reportedAt: instantSchema })),
    analysis: z.object({ windowMs: z.int().positive(), minRequests: z.int().positive() }),
    times: stageTimesSchema,
  }),
  scopeOf: (data) => data.environment,
});
