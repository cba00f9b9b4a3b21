import type { StarterRule } from './starter-rule.ts';

export const publicApiHosts: StarterRule = {
  id: 'public-api-hosts',
  severity: 'error',
  appliesTo: { kind: 'Api', visibility: ['public'] },
  field: 'route',
  expression: 'size(api.route.hosts) > 0',
  message: 'Api ${api.name} is public and answers on every host name.',
  hint: 'Name its hosts under `route.hosts`.',
  rationale: 'Host names that were meant for something else would reach it.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: { visibility: 'public' } }],
    fail: [{ api: { visibility: 'public', route: { hosts: [] } } }],
  },
};
