import type { StarterRule } from './starter-rule.ts';

export const upstreamRedundancy: StarterRule = {
  id: 'upstream-redundancy',
  severity: 'info',
  appliesTo: { kind: 'Api', lifecycle: ['active'] },
  field: 'pools',
  expression: `api.pools.exists(p, p.weight > 0 && size(p.targets) > 1) ||
  size(api.pools.filter(p, p.weight > 0)) > 1`,
  message: 'Api ${api.name} stands on one server.',
  hint: 'Add a second target, or a name that stands for several.',
  rationale: 'One server that restarts is an outage.',
  examples: {
    pass: [{ api: { pools: [{ targets: [{}, { host: 'pets-2.internal' }] }] } }],
    fail: [{ api: {} }],
  },
};
