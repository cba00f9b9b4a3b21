import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, nameSchema } from '../names.ts';

export const rollbackRequested = defineEvent({
  owner: 'console',
  fact: 'rollback-requested',
  version: 1,
  scope: 'environment',
  summary: 'A person asked for an earlier revision.',
  data: z.object({
    environment: nameSchema,
    /** The commit to go back to; null: the last known good one. */
    commit: commitSchema.nullable(),
    reason: z.string().max(500),
    /** Who: the name behind the token. */
    actor: z.string(),
  }),
  scopeOf: (data) => data.environment,
});
