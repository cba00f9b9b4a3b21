import { catalogue, nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { duration, httpUrl, labelsSchema, resource, secretName, timezone, unique } from './common.ts';

const severities = () => unique(z.enum(['minor', 'major', 'critical']), 3).min(1);
const factNames = catalogue.map(({ fact }) => fact);

const channelSchema = z
  .strictObject({
    type: z.enum(['webhook', 'slack', 'teams', 'email', 'pagerduty', 'opsgenie']).describe('Kind of channel.'),
    url: httpUrl('Address of a webhook that is no secret.').optional(),
    secret: secretName.describe('Secret of the channel: its address, token or key.').optional(),
    to: unique(z.email().max(253), 50).min(1).describe('Receivers of mail.').optional(),
  })
  .superRefine(({ type, url, secret, to }, issues) => {
    const report = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (type === 'email') {
      if (to === undefined) report('to', 'is required: say who gets the mail');
    } else if (to !== undefined) report('to', 'belongs to `type: email`');
    if (type === 'webhook') {
      if (url === undefined && secret === undefined)
        report('url', 'is required: give `url`, or the `secret` that holds it');
    } else if (url !== undefined) report('url', 'belongs to `type: webhook`');
    else if (type !== 'email' && secret === undefined) report('secret', 'is required: name the secret of the channel');
  })
  .describe('Where it goes.');

const matcherSchema = z
  .strictObject({
    events: unique(z.enum(factNames as [string, ...string[]]), 100)
      .min(1)
      .describe('Facts, as in incident-opened; all when not given.')
      .optional(),
    environments: unique(nameSchema, 100).min(1).describe('Environments; all when not given.').optional(),
    severities: severities().describe('Severities of incidents; all when not given.').optional(),
    apis: unique(nameSchema, 1_000).min(1).describe('APIs by name; all when not given.').optional(),
    labels: labelsSchema.describe('APIs with every one of these labels.').optional(),
    owners: unique(z.string().min(1).max(253), 100).min(1).describe('APIs of these owners.').optional(),
  })
  .describe('What it is about; all of its fields must hold.');

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as in "22:00"');

const quietHoursSchema = z.strictObject({
  days: unique(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), 7)
    .min(1)
    .describe('Days on which they begin; every day when not given.')
    .optional(),
  from: clock.describe('When they begin.'),
  to: clock.describe('When they end, on the next day where that is earlier.'),
  timezone: timezone.describe('UTC when not given.').optional(),
  except: severities().describe('Incidents that are told all the same; [critical] when not given.').optional(),
});

export const notificationResourceSchema = resource(
  'Notification',
  'Which events go to which channel.',
  z.strictObject({
    channel: channelSchema,
    match: z.array(matcherSchema).max(100).describe('One of these must hold; everything when not given.').optional(),
    groupBy: unique(z.enum(['environment', 'api', 'event', 'owner']), 4)
      .describe('What is told together; [environment] when not given.')
      .optional(),
    groupWait: duration('How long to wait for more of a group; 10s when not given.', {
      minMs: 0,
      maxMs: 3_600_000,
    }).optional(),
    repeat: duration('When an incident that is still open is told again; never when not given.', {
      minMs: 60_000,
    }).optional(),
    resolved: z.boolean().describe('Tell when it is over; true when not given.').optional(),
    quietHours: z.array(quietHoursSchema).max(20).describe('Times in which nothing is told.').optional(),
  }),
);

export type NotificationResource = z.infer<typeof notificationResourceSchema>;
