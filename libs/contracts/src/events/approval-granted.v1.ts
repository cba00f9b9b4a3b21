import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';

export const approvalGranted = defineEvent({
  owner: 'console',
  fact: 'approval-granted',
  version: 1,
  scope: 'environment',
  summary: 'A person approved a waiting deployment.',
  data: z.object({ environment: nameSchema, deployment: z.uuid(), reason: z.string().max(500), actor: z.string() }),
  scopeOf: (data) => data.environment,
});
