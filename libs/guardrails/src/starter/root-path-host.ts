import type { StarterRule } from './starter-rule.ts';

export const rootPathHost: StarterRule = {
  id: 'root-path-host',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'route.basePath',
  expression: `api.route.basePath != "/" || size(api.route.hosts) > 0`,
  message: 'Api ${api.name} claims every path on every host.',
  hint: 'Give it a base path, or a host of its own.',
  rationale: 'Whatever no other API claims would reach it.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { route: { hosts: [], basePath: '/' } } }],
  },
};
