import type { StarterRule } from './starter-rule.ts';

export const consumerPlans: StarterRule = {
  id: 'consumer-plans',
  severity: 'warning',
  appliesTo: { kind: 'Consumer' },
  field: 'plans',
  expression: 'size(consumer.plans) > 0',
  message: 'Consumer ${consumer.name} is subscribed to no plan.',
  hint: 'Subscribe it to the plan that fits.',
  rationale: 'It may call every API that names no plan, without the limit of any.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ consumer: { plans: ['free'] }, plans: [{}] }],
    fail: [{ consumer: {} }],
  },
};
