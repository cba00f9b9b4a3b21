import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema, personSchema } from '../names.ts';
import { stageTimesSchema } from './shared.ts';

export const commitDetected = defineEvent({
  owner: 'git-watcher',
  fact: 'commit-detected',
  version: 1,
  scope: 'source',
  summary: 'A branch that a source follows points at a commit that was not reported before.',
  data: z.object({
    source: nameSchema,
    /** Without credentials. */
    repository: z.string(),
    ref: z.string(),
    commit: commitSchema,
    /** The revision that this source reported last; null for the first. */
    previousCommit: commitSchema.nullable(),
    /** The whole tree, as the artifact `tree.<digest>`. Blobs are `blob.<oid>`. */
    tree: z.object({ digest: digestSchema, files: z.int().nonnegative(), bytes: z.int().nonnegative() }),
    /** Against `previousCommit`, never against a parent: squashes and missed webhooks lose nothing. */
    changes: z.object({
      total: z.int().nonnegative(),
      /** The first 500, sorted by path. */
      paths: z.array(z.object({ path: z.string(), change: z.enum(['added', 'modified', 'deleted']) })).max(500),
    }),
    author: personSchema,
    committedAt: instantSchema,
    /** The commit message, at most 2,000 characters. */
    message: z.string().max(2000),
    trigger: z.enum(['webhook', 'poll']),
    /** Id of the event that made Gitway write this commit itself (its `Gitway-Cause` trailer); else null. */
    writtenFor: z.string().nullable(),
    times: stageTimesSchema,
  }),
  scopeOf: (data) => data.source,
});
