import type { StarterRule } from './starter-rule.ts';

export const rateLimitMeaningful: StarterRule = {
  id: 'rate-limit-meaningful',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.rateLimit.requests',
  expression: `!has(api.policy.rateLimit) ||
  api.policy.rateLimit.requests * 1000 / api.policy.rateLimit.windowMs <= 10000`,
  message:
    'Api ${api.name} allows ${api.policy.rateLimit.requests} calls in ${api.policy.rateLimit.windowMs / 1000} s, more than 10000 a second.',
  hint: 'Choose a limit that can be reached before the upstream falls over.',
  rationale: 'A limit beyond what any upstream can serve protects nothing and looks as if it did.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ api: {} }, { api: { policy: { rateLimit: {} } } }],
    fail: [{ api: { policy: { rateLimit: { requests: 1000000, windowMs: 1000 } } } }],
  },
};
