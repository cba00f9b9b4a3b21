import { z } from 'zod';
import { defineEvent } from '../event.ts';

export const notificationFailed = defineEvent({
  owner: 'notifier',
  fact: 'notification-failed',
  version: 1,
  scope: 'service',
  summary: 'A notification could not be delivered after every retry.',
  data: z.object({
    channel: z.string(),
    /** The event that was to be announced. */
    event: z.object({ id: z.string(), type: z.string() }),
    attempts: z.int().positive(),
    reason: z.string(),
  }),
  scopeOf: (data) => data.channel,
});
