import type { StarterRule } from './starter-rule.ts';

export const upstreamLinkLocal: StarterRule = {
  id: 'upstream-link-local',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, p.targets.all(t, !isLinkLocal(t.host) &&
  t.host != "metadata.google.internal"))`,
  message: 'Api ${api.name} has an upstream where clouds keep their metadata service.',
  hint: 'Name another server. Nobody should reach that one through a gateway.',
  rationale: 'The metadata service gives credentials of the machine to whoever asks.',
  references: ['OWASP API7:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { pools: [{ targets: [{ scheme: 'http', host: '169.254.169.254', port: 80 }] }] } }],
  },
};
