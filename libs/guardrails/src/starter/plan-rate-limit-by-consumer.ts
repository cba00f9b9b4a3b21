import type { StarterRule } from './starter-rule.ts';

export const planRateLimitByConsumer: StarterRule = {
  id: 'plan-rate-limit-by-consumer',
  severity: 'warning',
  appliesTo: { kind: 'Plan' },
  field: 'rateLimits',
  expression: `plan.rateLimits.all(limit, limit.by == "consumer")`,
  message: 'Plan ${plan.name} has a limit that does not count by consumer.',
  hint: 'Set `by: consumer`, or leave `by` out.',
  rationale: 'What a consumer subscribes to should be its own.',
  examples: {
    pass: [{ plan: {} }],
    fail: [{ plan: { rateLimits: [{ by: 'api' }] } }],
  },
};
