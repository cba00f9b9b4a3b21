import { defineEvent } from '../event.ts';
import { incidentSchema } from './incident.ts';

export const incidentUpdated = defineEvent({
  owner: 'notifier',
  fact: 'incident-updated',
  version: 1,
  scope: 'environment',
  summary: 'A fact was added to the timeline of an open incident.',
  data: incidentSchema,
  scopeOf: (data) => data.environment ?? 'platform',
});
