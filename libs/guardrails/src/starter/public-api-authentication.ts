import type { StarterRule } from './starter-rule.ts';

export const publicApiAuthentication: StarterRule = {
  id: 'public-api-authentication',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['public'] },
  field: 'policy.auth',
  expression: `api.policy.auth.kind != "none"`,
  message: 'Api ${api.name} is public and lets everybody in without a key.',
  hint: 'Ask for a key: `auth: { anyOf: [apiKey] }`; or turn this rule off for APIs that are meant to be open.',
  rationale: 'A caller that nobody knows cannot be limited by name, told of a change or shut out.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ api: { visibility: 'public' } }],
    fail: [{ api: { visibility: 'public', policy: { auth: { kind: 'none' } } } }],
  },
};
