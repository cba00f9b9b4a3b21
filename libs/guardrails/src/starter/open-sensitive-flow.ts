import type { StarterRule } from './starter-rule.ts';

export const openSensitiveFlow: StarterRule = {
  id: 'open-sensitive-flow',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['public', 'partner'] },
  field: 'policy.rateLimits',
  expression: `size(api.policy.rateLimits) > 0 || size(api.plans) > 0 ||
  !api.operations.exists(o, o.method == "post" && o.path.matches("(?i)/(login|signup|register|checkout|purchase|password|otp)"))`,
  message: `Api \${api.name} has operations that are worth abusing, and no limit: \${api.operations.filter(o, o.method == "post" && o.path.matches("(?i)/(login|signup|register|checkout|purchase|password|otp)")).map(o, o.path)}.`,
  hint: 'Set a `rateLimit`, or open it by plans.',
  rationale: 'Sign-ups, logins and purchases are what bots come for.',
  references: ['OWASP API6:2023'],
  examples: {
    pass: [
      {
        api: {
          visibility: 'public',
          policy: { rateLimits: [{}] },
          operations: [{ id: 'login', method: 'post', path: '/login' }],
        },
      },
    ],
    fail: [{ api: { visibility: 'public', operations: [{ id: 'login', method: 'post', path: '/login' }] } }],
  },
};
