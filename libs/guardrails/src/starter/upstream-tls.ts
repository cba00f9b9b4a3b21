import type { StarterRule } from './starter-rule.ts';

export const upstreamTls: StarterRule = {
  id: 'upstream-tls',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, p.targets.all(t, t.scheme == "https"))`,
  message: 'Api ${api.name} speaks to an upstream in clear.',
  hint: 'Use `https://` for every target.',
  rationale: 'What passes in clear can be read and changed by anybody between gateway and upstream.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ targets: [{ scheme: 'http', port: 8080 }] }] } }],
  },
};
