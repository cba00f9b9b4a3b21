import { z } from 'zod';
import { findingCountsSchema } from '../artifacts/finding.ts';
import { unitChangeSchema } from '../artifacts/snapshot.ts';
import { defineEvent } from '../event.ts';
import { digestSchema, personSchema } from '../names.ts';
import { revisionFields, stageTimesSchema } from './shared.ts';

export const commitValidated = defineEvent({
  owner: 'validator',
  fact: 'commit-validated',
  version: 1,
  scope: 'environment',
  summary: 'A commit compiles for an environment; its snapshot may be deployed.',
  data: z.object({
    ...revisionFields,
    repository: z.string(),
    author: personSchema,
    message: z.string().max(2000),
    writtenFor: z.string().nullable(),
    /** Artifact `snapshot.<digest>`. */
    snapshot: digestSchema,
    /** Artifact `report.<digest>`. */
    report: digestSchema,
    counts: findingCountsSchema,
    /** Against the snapshot validated before for this environment. At most 500 entries. */
    changes: z.object({ total: z.int().nonnegative(), units: z.array(unitChangeSchema).max(500) }),
    times: stageTimesSchema,
  }),
  scopeOf: (data) => data.environment,
});
