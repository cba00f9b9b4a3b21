import type { StarterRule } from './starter-rule.ts';

export const healthCheckPath: StarterRule = {
  id: 'health-check-path',
  severity: 'info',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, !has(p.healthCheck) || p.healthCheck.path != "/")`,
  message: 'Api ${api.name} checks the health of a pool at `/`.',
  hint: 'Ask a path that says whether the service can do its work, as in `/healthz`.',
  rationale: 'A start page answers long after what is behind it stopped working.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ healthCheck: { path: '/' } }] } }],
  },
};
