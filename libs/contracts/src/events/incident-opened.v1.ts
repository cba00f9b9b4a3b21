import { defineEvent } from '../event.ts';
import { incidentSchema } from './incident.ts';

export const incidentOpened = defineEvent({
  owner: 'notifier',
  fact: 'incident-opened',
  version: 1,
  scope: 'environment',
  summary: 'Something needs attention: facts that belong together became one incident.',
  data: incidentSchema,
  scopeOf: (data) => data.environment ?? 'platform',
});
