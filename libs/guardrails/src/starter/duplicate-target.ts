import type { StarterRule } from './starter-rule.ts';

export const duplicateTarget: StarterRule = {
  id: 'duplicate-target',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, p.targets.all(t,
  p.targets.exists_one(other, other.host == t.host && other.port == t.port)))`,
  message: 'Api ${api.name} names one server twice in a pool.',
  hint: 'Delete one of the two; use `weight` to send it more calls.',
  rationale: 'It is checked twice, counted twice, and gets twice the share that its weight says.',
  examples: {
    pass: [{ api: { pools: [{ targets: [{}, { port: 8444 }] }] } }],
    fail: [{ api: { pools: [{ targets: [{}, {}] }] } }],
  },
};
