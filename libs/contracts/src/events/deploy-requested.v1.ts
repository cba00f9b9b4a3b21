import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, nameSchema } from '../names.ts';

export const deployRequested = defineEvent({
  owner: 'console',
  fact: 'deploy-requested',
  version: 1,
  scope: 'environment',
  summary: 'A person asked for a commit to be deployed, gates or not.',
  data: z.object({
    environment: nameSchema,
    commit: commitSchema,
    reason: z.string().max(500),
    /** Who: the name behind the token. */
    actor: z.string(),
  }),
  scopeOf: (data) => data.environment,
});
