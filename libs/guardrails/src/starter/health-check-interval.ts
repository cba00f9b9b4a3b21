import type { StarterRule } from './starter-rule.ts';

export const healthCheckInterval: StarterRule = {
  id: 'health-check-interval',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, !has(p.healthCheck) ||
  p.healthCheck.intervalMs >= 500 && p.healthCheck.intervalMs <= 60000)`,
  message:
    'Api ${api.name} checks the health of ${api.pools.filter(p, has(p.healthCheck) && (p.healthCheck.intervalMs < 500 || p.healthCheck.intervalMs > 60000)).map(p, p.name)} too often or too seldom.',
  hint: 'Set `interval` between 500ms and 60s.',
  rationale: 'Too often is load, too seldom is an outage that lasts until the next check.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ healthCheck: { intervalMs: 300000 } }] } }],
  },
};
