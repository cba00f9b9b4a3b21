import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';

export const sourceFailed = defineEvent({
  owner: 'git-watcher',
  fact: 'source-failed',
  version: 1,
  scope: 'source',
  summary: 'A source cannot be read any more (unreachable, refused, corrupt); stated once per streak of failures.',
  data: z.object({
    source: nameSchema,
    repository: z.string(),
    /** What Git said, without credentials, and what to do. */
    reason: z.string(),
    failures: z.int().positive(),
  }),
  scopeOf: (data) => data.source,
});
