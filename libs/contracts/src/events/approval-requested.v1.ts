import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { digestSchema } from '../names.ts';
import { revisionFields } from './shared.ts';

export const approvalRequested = defineEvent({
  owner: 'deployer',
  fact: 'approval-requested',
  version: 1,
  scope: 'environment',
  summary: 'A deployment has passed its other gates and waits for people.',
  data: z.object({
    ...revisionFields,
    deployment: z.uuid(),
    snapshot: digestSchema,
    needed: z.int().positive(),
  }),
  scopeOf: (data) => data.environment,
});
