import type { StarterRule } from './starter-rule.ts';

export const partnerApiAuthentication: StarterRule = {
  id: 'partner-api-authentication',
  severity: 'error',
  appliesTo: { kind: 'Api', visibility: ['partner'] },
  field: 'policy.auth',
  expression: `api.policy.auth.kind != "none"`,
  message: 'Api ${api.name} is for partners and lets everybody in without a key.',
  hint: 'Ask for a key: `auth: { anyOf: [apiKey] }`.',
  rationale: 'What is for partners alone needs to know who its partners are.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ api: { visibility: 'partner' } }],
    fail: [{ api: { visibility: 'partner', policy: { auth: { kind: 'none' } } } }],
  },
};
