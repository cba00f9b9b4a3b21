import { z } from 'zod';
import { findingCountsSchema } from '../artifacts/finding.ts';
import { defineEvent } from '../event.ts';
import { commitSchema, digestSchema, nameSchema, personSchema } from '../names.ts';
import { findingsSchema, stageTimesSchema } from './shared.ts';

export const commitRejected = defineEvent({
  owner: 'validator',
  fact: 'commit-rejected',
  version: 1,
  scope: 'source',
  summary: 'A commit does not compile for some environments; what serves there keeps serving.',
  data: z.object({
    source: nameSchema,
    repository: z.string(),
    ref: z.string(),
    commit: commitSchema,
    author: personSchema,
    message: z.string().max(2000),
    /** Refused for these; empty when not even the environments could be read. */
    environments: z.array(nameSchema),
    /** Artifact `report.<digest>`: every finding. */
    report: digestSchema,
    counts: findingCountsSchema,
    /** The first 50, errors first. */
    findings: findingsSchema,
    times: stageTimesSchema,
  }),
  scopeOf: (data) => data.source,
});
