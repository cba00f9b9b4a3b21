import type { StarterRule } from './starter-rule.ts';

export const internalApiAuthentication: StarterRule = {
  id: 'internal-api-authentication',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['internal'] },
  field: 'policy.auth',
  expression: `api.policy.auth.kind != "none"`,
  message: 'Api ${api.name} is internal and lets everybody in who reaches the gateway.',
  hint: 'Ask for a key: `auth: { anyOf: [apiKey] }`.',
  rationale: 'A network is not an identity: whoever gets in calls everything that asks for nothing.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { auth: { kind: 'none' } } } }],
  },
};
