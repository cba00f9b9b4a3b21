import type { StarterRule } from './starter-rule.ts';

export const planRateLimitByConsumer: StarterRule = {
  id: 'plan-rate-limit-by-consumer',
  severity: 'warning',
  appliesTo: { kind: 'Plan' },
  field: 'rateLimit.by',
  expression: `!has(plan.rateLimit) || plan.rateLimit.by == "consumer"`,
  message: 'Plan ${plan.name} counts by ${plan.rateLimit.by}, not by consumer.',
  hint: 'Set `by: consumer`, or leave `by` out.',
  rationale: 'What a consumer subscribes to should be its own.',
  examples: {
    pass: [{ plan: {} }],
    fail: [{ plan: { rateLimit: { by: 'api' } } }],
  },
};
