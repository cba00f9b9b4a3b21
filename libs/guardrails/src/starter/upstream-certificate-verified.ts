import type { StarterRule } from './starter-rule.ts';

export const upstreamCertificateVerified: StarterRule = {
  id: 'upstream-certificate-verified',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'pools',
  expression: `api.pools.all(p, !has(p.tls) || p.tls.verify)`,
  message: 'Api ${api.name} does not verify the certificate of an upstream.',
  hint: 'Take `verify: false` out, and name the authority under `tls.ca`.',
  rationale: 'Without it anybody between gateway and upstream can answer in its place.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: {} }, { api: { pools: [{ tls: {} }] } }],
    fail: [{ api: { pools: [{ tls: { verify: false } }] } }],
  },
};
