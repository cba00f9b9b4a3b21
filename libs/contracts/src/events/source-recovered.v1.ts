import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';

export const sourceRecovered = defineEvent({
  owner: 'git-watcher',
  fact: 'source-recovered',
  version: 1,
  scope: 'source',
  summary: 'A source that had failed can be read again.',
  data: z.object({ source: nameSchema, repository: z.string(), failures: z.int().positive() }),
  scopeOf: (data) => data.source,
});
