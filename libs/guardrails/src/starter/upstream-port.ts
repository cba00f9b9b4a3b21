import type { StarterRule } from './starter-rule.ts';

export const upstreamPort: StarterRule = {
  id: 'upstream-port',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, p.targets.all(t,
  !(t.scheme == "https" && t.port == 80) && !(t.scheme == "http" && t.port == 443)))`,
  message: 'Api ${api.name} has an upstream whose port is that of the other scheme.',
  hint: 'Use https with 443, http with 80, or a port of its own.',
  rationale: 'One speaks TLS and the other does not: every call would fail.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ targets: [{ scheme: 'http', port: 443 }] }] } }],
  },
};
