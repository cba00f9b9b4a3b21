import type { StarterRule } from './starter-rule.ts';

export const canaryHealthCheck: StarterRule = {
  id: 'canary-health-check',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: 'size(api.pools) < 2 || api.pools.all(p, has(p.healthCheck))',
  message:
    'Api ${api.name} splits its calls over several pools, and not all have a health check: ${api.pools.filter(p, !has(p.healthCheck)).map(p, p.name)}.',
  hint: 'Add a `healthCheck` to every pool.',
  rationale: 'A canary is there to be given up when it fails, and somebody has to see that.',
  examples: {
    pass: [{ api: { pools: [{ weight: 95 }, { name: 'canary', weight: 5 }] } }],
    fail: [{ api: { pools: [{ weight: 95 }, { name: 'canary', weight: 5, healthCheck: null }] } }],
  },
};
