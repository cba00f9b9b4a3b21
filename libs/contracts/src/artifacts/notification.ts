import { z } from 'zod';
import { nameSchema } from '../names.ts';

const matcherSchema = z.object({
  /** Fact names, as in `incident-opened`; absent: all that the channel understands. */
  events: z.array(z.string()).min(1).optional(),
  severities: z
    .array(z.enum(['minor', 'major', 'critical']))
    .min(1)
    .optional(),
  apis: z.array(nameSchema).min(1).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  owners: z.array(z.string()).min(1).optional(),
});

export const quietHoursSchema = z.object({
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  /** Local times as `HH:MM`; an end before the beginning is on the next day. */
  from: z.string(),
  to: z.string(),
  timezone: z.string(),
  /** Told even then. */
  except: z.array(z.enum(['minor', 'major', 'critical'])).optional(),
});

/** Which events go to which channel. Channels name a secret, never hold one. */
export const notificationUnitSchema = z.object({
  kind: z.literal('notification'),
  name: nameSchema,
  channel: z.object({
    type: z.enum(['webhook', 'slack', 'teams', 'email', 'pagerduty', 'opsgenie']),
    /** Address that is no secret itself; where the address is one, `secret` holds it. */
    url: z.string().optional(),
    secret: z.string().optional(),
    to: z.array(z.string()).min(1).optional(),
  }),
  match: z.array(matcherSchema),
  groupBy: z.array(z.enum(['environment', 'api', 'event', 'owner'])),
  groupWaitMs: z.int().nonnegative(),
  /** Open incidents are told again after this long; absent: never. */
  repeatMs: z.int().positive().optional(),
  resolved: z.boolean(),
  quietHours: z.array(quietHoursSchema),
});
