import type { StarterRule } from './starter-rule.ts';

export const poolHealthCheck: StarterRule = {
  id: 'pool-health-check',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: 'api.pools.all(p, has(p.healthCheck))',
  message:
    'Api ${api.name} has pools without a health check: ${api.pools.filter(p, !has(p.healthCheck)).map(p, p.name)}.',
  hint: 'Add `healthCheck: { path: /healthz }` to each pool.',
  rationale: 'Without one, calls keep going to a server that is down.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ healthCheck: null }] } }],
  },
};
