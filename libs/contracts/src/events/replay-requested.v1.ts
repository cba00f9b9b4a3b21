import { z } from 'zod';
import { defineEvent, owners } from '../event.ts';

export const replayRequested = defineEvent({
  owner: 'console',
  fact: 'replay-requested',
  version: 1,
  scope: 'service',
  summary: 'A person asked a service to handle one of its dead letters again.',
  data: z.object({
    service: z.enum(owners),
    /** Sequence number in the dead-letter stream. */
    sequence: z.int().positive(),
    actor: z.string(),
  }),
  scopeOf: (data) => data.service,
});
