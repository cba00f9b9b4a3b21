import type { StarterRule } from './starter-rule.ts';

export const planOpensApis: StarterRule = {
  id: 'plan-opens-apis',
  severity: 'warning',
  appliesTo: { kind: 'Plan' },
  expression: 'apis.exists(a, plan.name in a.plans)',
  message: 'Plan ${plan.name} opens no API.',
  hint: 'Name it under `plans` of an Api, or delete it.',
  rationale: 'Consumers who subscribe to it get nothing.',
  examples: {
    pass: [{ plan: { name: 'free' }, apis: [{ plans: ['free'] }] }],
    fail: [{ plan: { name: 'free' }, apis: [{}] }],
  },
};
