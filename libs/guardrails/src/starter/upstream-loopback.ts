import type { StarterRule } from './starter-rule.ts';

export const upstreamLoopback: StarterRule = {
  id: 'upstream-loopback',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: 'api.pools.all(p, p.targets.all(t, !isLoopback(t.host)))',
  message: 'Api ${api.name} has an upstream on the loopback address.',
  hint: 'Name the server as it is reached from the gateway.',
  rationale: 'It means another machine on each gateway, and reaches what listens on the gateway itself.',
  references: ['OWASP API7:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ targets: [{ host: '127.0.0.1' }] }] } }],
  },
};
