import type { StarterRule } from './starter-rule.ts';

export const consumerPlanOpens: StarterRule = {
  id: 'consumer-plan-opens',
  severity: 'info',
  appliesTo: { kind: 'Consumer' },
  field: 'plans',
  expression: 'consumer.plans.all(p, apis.exists(a, p in a.plans))',
  message:
    'Consumer ${consumer.name} is subscribed to plans that open nothing: ${consumer.plans.filter(p, !apis.exists(a, p in a.plans))}.',
  hint: 'Take the plan away, or let an API name it.',
  rationale: 'Somebody expects access that is not there.',
  examples: {
    pass: [{ consumer: { plans: ['free'] }, apis: [{ plans: ['free'] }] }],
    fail: [{ consumer: { plans: ['free'] }, apis: [{}] }],
  },
};
