import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';

export const commandRefused = defineEvent({
  owner: 'deployer',
  fact: 'command-refused',
  version: 1,
  scope: 'environment',
  summary: 'What a person asked for is not done, and why. It belongs to the story of the request.',
  data: z.object({
    environment: nameSchema,
    /** The id of the fact that asked. */
    request: z.string().min(1).max(200),
    command: z.enum(['deploy', 'rollback', 'approve']),
    /** Who: the name behind the token. */
    actor: z.string(),
    reason: z.string().max(2000),
  }),
  scopeOf: (data) => data.environment,
});
