import type { StarterRule } from './starter-rule.ts';

export const upstreamName: StarterRule = {
  id: 'upstream-name',
  severity: 'info',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: 'api.pools.all(p, p.targets.all(t, !isIp(t.host)))',
  message: 'Api ${api.name} names an upstream by its address.',
  hint: 'Use a name.',
  rationale: 'An address outlives the server that had it, and then belongs to another.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ targets: [{ host: '10.0.0.7' }] }] } }],
  },
};
