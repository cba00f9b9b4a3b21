import type { StarterRule } from './starter-rule.ts';

export const openObjectAccess: StarterRule = {
  id: 'open-object-access',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['public', 'partner'] },
  field: 'policy.auth',
  expression: `api.policy.auth.kind != "none" ||
  !api.operations.exists(o, o.path.matches("(?i)(^|/)(users?|accounts?|customers?|orders?|payments?)/[{]"))`,
  message: `Api \${api.name} gives single records of people away without a key: \${api.operations.filter(o, o.path.matches("(?i)(^|/)(users?|accounts?|customers?|orders?|payments?)/[{]")).map(o, o.path)}.`,
  hint: 'Ask for a key, and check in the upstream whose record it is.',
  rationale: 'An id in a path can be counted up. Who asks must be known before anybody can decide what they may see.',
  references: ['OWASP API1:2023'],
  examples: {
    pass: [
      { api: { visibility: 'public', policy: { auth: { kind: 'none' } } } },
      { api: { visibility: 'public', operations: [{ path: '/users/{id}' }] } },
    ],
    fail: [
      { api: { visibility: 'public', policy: { auth: { kind: 'none' } }, operations: [{ path: '/users/{id}' }] } },
    ],
  },
};
