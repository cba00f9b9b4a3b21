import type { StarterRule } from './starter-rule.ts';

export const upstreamTlsOutside: StarterRule = {
  id: 'upstream-tls-outside',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, p.targets.all(t, t.scheme == "https" ||
  isLoopback(t.host) || isPrivate(t.host) || !t.host.contains(".") ||
  t.host.matches("[.](internal|local|lan|svc|cluster[.]local)$")))`,
  message: 'Api ${api.name} speaks in clear to an upstream outside of its own network.',
  hint: 'Use `https://` for servers that are reached over the internet.',
  rationale: 'Keys, answers and personal data would cross foreign networks readable.',
  references: ['OWASP API8:2023', 'OWASP API10:2023'],
  examples: {
    pass: [
      { api: { pools: [{ targets: [{ scheme: 'http', host: 'pets.internal', port: 80 }] }] } },
      { api: { pools: [{ targets: [{ host: 'pets.example.com' }] }] } },
    ],
    fail: [{ api: { pools: [{ targets: [{ scheme: 'http', host: 'pets.example.com', port: 80 }] }] } }],
  },
};
