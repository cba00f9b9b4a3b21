import type { StarterRule } from './starter-rule.ts';

export const rateLimitPerCaller: StarterRule = {
  id: 'rate-limit-per-caller',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['public', 'partner'] },
  field: 'policy.rateLimits',
  expression: `size(api.policy.rateLimits) == 0 || api.policy.rateLimits.exists(limit, limit.by != "api")`,
  message: 'Api ${api.name} counts the calls of all callers together, so one of them can use up the limit of all.',
  hint: 'Count by `consumer` or by `ip`.',
  rationale: 'A limit that everybody shares is a switch with which anybody turns the API off.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ api: { visibility: 'public', policy: { rateLimits: [{ by: 'ip' }] } } }],
    fail: [{ api: { visibility: 'public', policy: { rateLimits: [{ by: 'api' }] } } }],
  },
};
