import type { StarterRule } from './starter-rule.ts';

export const hostQualified: StarterRule = {
  id: 'host-qualified',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'route.hosts',
  expression: `api.route.hosts.all(h, h.contains(".") && !isIp(h) && !isLoopback(h))`,
  message: `Api \${api.name} answers on a host that is no full name: \${api.route.hosts.filter(h, !h.contains(".") || isIp(h) || isLoopback(h))}.`,
  hint: 'Write the full name, as in api.example.com.',
  rationale: 'Short names and addresses mean something else on every network, and get no certificate.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { route: { hosts: ['api'] } } }],
  },
};
