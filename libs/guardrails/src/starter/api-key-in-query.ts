import type { StarterRule } from './starter-rule.ts';

export const apiKeyInQuery: StarterRule = {
  id: 'api-key-in-query',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'policy.auth.query',
  expression: '!has(api.policy.auth.query)',
  message: 'Api ${api.name} takes its key from the query parameter `${api.policy.auth.query}`.',
  hint: 'Take `query` out; send keys in a header.',
  rationale: 'URLs end up in access logs, browser histories and referrers, and the keys in them too.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { auth: { query: 'api_key' } } } }],
  },
};
