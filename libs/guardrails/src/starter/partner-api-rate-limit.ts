import type { StarterRule } from './starter-rule.ts';

export const partnerApiRateLimit: StarterRule = {
  id: 'partner-api-rate-limit',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['partner'] },
  field: 'policy.rateLimits',
  expression: `size(api.policy.rateLimits) > 0 ||
  size(api.plans) > 0 &&
  api.plans.all(name, plans.exists(p, p.name == name && size(p.rateLimits) > 0))`,
  message: 'Api ${api.name} is for partners, and nothing limits how often they may call it.',
  hint: 'Set `rateLimit` in its policy, or in every plan that opens it.',
  rationale: 'A partner whose retry loop goes wrong is as heavy as an attacker.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ api: { visibility: 'partner', policy: { rateLimits: [{}] } } }],
    fail: [{ api: { visibility: 'partner' } }],
  },
};
