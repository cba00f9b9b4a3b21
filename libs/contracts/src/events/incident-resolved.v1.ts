import { defineEvent } from '../event.ts';
import { incidentSchema } from './incident.ts';

export const incidentResolved = defineEvent({
  owner: 'notifier',
  fact: 'incident-resolved',
  version: 1,
  scope: 'environment',
  summary: 'What opened the incident is no longer so.',
  data: incidentSchema,
  scopeOf: (data) => data.environment ?? 'platform',
});
