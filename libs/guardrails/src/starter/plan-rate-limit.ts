import type { StarterRule } from './starter-rule.ts';

export const planRateLimit: StarterRule = {
  id: 'plan-rate-limit',
  severity: 'error',
  appliesTo: { kind: 'Plan' },
  field: 'rateLimits',
  expression: 'size(plan.rateLimits) > 0',
  message: 'Plan ${plan.name} limits nothing.',
  hint: 'Set `rateLimit`.',
  rationale: 'A plan without a limit is a key to everything, as often as one likes.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ plan: {} }],
    fail: [{ plan: { rateLimits: [] } }],
  },
};
