import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { nameSchema } from '../names.ts';

export const driftResolved = defineEvent({
  owner: 'deployer',
  fact: 'drift-resolved',
  version: 1,
  scope: 'environment',
  summary: 'A gateway that had drifted was read back equal to its desired state.',
  data: z.object({
    environment: nameSchema,
    gateway: nameSchema,
    drift: z.uuid(),
    /** `healed` by Gitway, or `gone`: somebody undid it, or a deployment replaced it. */
    how: z.enum(['healed', 'gone']),
    durationMs: z.int().nonnegative(),
  }),
  scopeOf: (data) => data.environment,
});
