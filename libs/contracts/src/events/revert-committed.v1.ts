import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, nameSchema } from '../names.ts';

export const revertCommitted = defineEvent({
  owner: 'git-watcher',
  fact: 'revert-committed',
  version: 1,
  scope: 'source',
  summary: 'A rollback was written back to Git, so that Git is the truth again.',
  data: z.object({
    source: nameSchema,
    environment: nameSchema,
    ref: z.string(),
    /** The new commit; equal to `reverted` when the branch already held the good content. */
    commit: commitSchema,
    reverted: commitSchema,
    restored: commitSchema,
  }),
  scopeOf: (data) => data.source,
});
