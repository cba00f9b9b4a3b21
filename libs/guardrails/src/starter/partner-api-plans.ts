import type { StarterRule } from './starter-rule.ts';

export const partnerApiPlans: StarterRule = {
  id: 'partner-api-plans',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['partner'] },
  field: 'plans',
  expression: 'size(api.plans) > 0',
  message: 'Api ${api.name} is for partners, but any consumer with a key may call it.',
  hint: 'Name the plans that open it under `plans`.',
  rationale: 'Without a plan there is no list of who may call, and none of who did subscribe.',
  references: ['OWASP API5:2023'],
  examples: {
    pass: [{ api: { visibility: 'partner', plans: ['partner'] }, plans: [{ name: 'partner' }] }],
    fail: [{ api: { visibility: 'partner' } }],
  },
};
