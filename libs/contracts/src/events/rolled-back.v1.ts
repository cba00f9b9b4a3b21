import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { instantSchema, nameSchema } from '../names.ts';
import { revisionRefSchema } from './shared.ts';

export const rolledBack = defineEvent({
  owner: 'deployer',
  fact: 'rolled-back',
  version: 1,
  scope: 'environment',
  summary:
    'The environment was brought back to an earlier snapshot, read back from every gateway, and is pinned until Git has caught up.',
  data: z.object({
    environment: nameSchema,
    source: nameSchema,
    ref: z.string(),
    deployment: z.uuid(),
    from: revisionRefSchema,
    to: revisionRefSchema,
    /** Why: `verdict` (traffic got worse) or `command` (a person asked). */
    reason: z.enum(['verdict', 'command']),
    detail: z.string(),
    decidedAt: instantSchema,
    reportedAt: instantSchema,
  }),
  scopeOf: (data) => data.environment,
});
