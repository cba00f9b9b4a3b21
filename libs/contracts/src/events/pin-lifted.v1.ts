import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { digestSchema, nameSchema } from '../names.ts';
import { revisionRefSchema } from './shared.ts';

export const pinLifted = defineEvent({
  owner: 'deployer',
  fact: 'pin-lifted',
  version: 1,
  scope: 'environment',
  summary: 'Git has caught up with a rollback (or moved on from the bad revision); the environment follows Git again.',
  data: z.object({ environment: nameSchema, by: revisionRefSchema, bad: digestSchema }),
  scopeOf: (data) => data.environment,
});
