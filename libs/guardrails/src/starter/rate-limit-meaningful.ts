import type { StarterRule } from './starter-rule.ts';

export const rateLimitMeaningful: StarterRule = {
  id: 'rate-limit-meaningful',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.rateLimits',
  expression: `size(api.policy.rateLimits) == 0 ||
  api.policy.rateLimits.exists(limit, limit.requests * 1000 / limit.windowMs <= 10000)`,
  message: 'Every limit of Api ${api.name} allows more than 10000 calls a second.',
  hint: 'Choose a limit that can be reached before the upstream falls over.',
  rationale: 'A limit beyond what any upstream can serve protects nothing and looks as if it did.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ api: {} }, { api: { policy: { rateLimits: [{}] } } }],
    fail: [{ api: { policy: { rateLimits: [{ requests: 1000000, windowMs: 1000 }] } } }],
  },
};
