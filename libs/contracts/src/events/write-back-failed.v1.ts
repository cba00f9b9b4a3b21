import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, nameSchema } from '../names.ts';

export const writeBackFailed = defineEvent({
  owner: 'git-watcher',
  fact: 'write-back-failed',
  version: 1,
  scope: 'source',
  summary: 'A rollback could not be written back to Git; the environment stays pinned and a person has to look.',
  data: z.object({
    source: nameSchema,
    environment: nameSchema,
    ref: z.string(),
    reverted: commitSchema,
    restored: commitSchema,
    /** What Git said, without credentials, and what to do. */
    reason: z.string(),
  }),
  scopeOf: (data) => data.source,
});
