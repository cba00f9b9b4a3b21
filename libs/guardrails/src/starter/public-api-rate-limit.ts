import type { StarterRule } from './starter-rule.ts';

export const publicApiRateLimit: StarterRule = {
  id: 'public-api-rate-limit',
  severity: 'error',
  appliesTo: { kind: 'Api', visibility: ['public'] },
  field: 'policy.rateLimits',
  expression: `size(api.policy.rateLimits) > 0 ||
  size(api.plans) > 0 &&
  api.plans.all(name, plans.exists(p, p.name == name && size(p.rateLimits) > 0))`,
  message: 'Api ${api.name} is public, and nothing limits how often it may be called.',
  hint: 'Set `rateLimit` in its policy, or in every plan that opens it.',
  rationale: 'One caller in a loop takes the capacity of all the others.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [
      { api: { visibility: 'public', policy: { rateLimits: [{}] } } },
      { api: { visibility: 'public', plans: ['free'] }, plans: [{ name: 'free' }] },
    ],
    fail: [
      { api: { visibility: 'public' } },
      { api: { visibility: 'public', plans: ['free'] }, plans: [{ name: 'free', rateLimits: [] }] },
    ],
  },
};
