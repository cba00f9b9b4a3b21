import type { StarterRule } from './starter-rule.ts';

export const promotionSoak: StarterRule = {
  id: 'promotion-soak',
  severity: 'warning',
  appliesTo: { kind: 'Environment' },
  field: 'promotion.soakMs',
  expression: '!has(environment.promoteFrom) || environment.promotion.soakMs >= 300000',
  message:
    'Environment ${environment.name} takes over from ${environment.promoteFrom} after ${environment.promotion.soakMs / 1000} s.',
  hint: 'Set `promotion.soak` to at least 5m.',
  rationale: 'Trouble that shows under load takes minutes to show.',
  examples: {
    pass: [{ environment: { promoteFrom: 'staging', promotion: { soakMs: 600000 } } }],
    fail: [{ environment: { promoteFrom: 'staging', promotion: { soakMs: 3000 } } }],
  },
};
