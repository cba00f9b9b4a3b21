import type { StarterRule } from './starter-rule.ts';

export const promotionApproval: StarterRule = {
  id: 'promotion-approval',
  severity: 'warning',
  appliesTo: { kind: 'Environment' },
  field: 'promotion.approvals',
  expression: '!has(environment.promoteFrom) || environment.promotion.approvals >= 1',
  message: 'Environment ${environment.name} takes over from ${environment.promoteFrom} without anybody agreeing.',
  hint: 'Set `promotion.approvals` to 1 or more.',
  rationale: 'A second pair of eyes before production.',
  examples: {
    pass: [{ environment: { promoteFrom: 'staging', promotion: { approvals: 1 } } }],
    fail: [{ environment: { promoteFrom: 'staging' } }],
  },
};
