import type { StarterRule } from './starter-rule.ts';

export const planHasConsumers: StarterRule = {
  id: 'plan-has-consumers',
  severity: 'info',
  appliesTo: { kind: 'Plan' },
  expression: 'consumers.exists(c, plan.name in c.plans)',
  message: 'Nobody is subscribed to plan ${plan.name}.',
  hint: 'Delete it if nobody will be.',
  rationale: 'A plan that nobody has is one more thing to read.',
  examples: {
    pass: [{ plan: { name: 'free' }, consumers: [{ plans: ['free'] }] }],
    fail: [{ plan: { name: 'free' } }],
  },
};
