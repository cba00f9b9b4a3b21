import type { StarterRule } from './starter-rule.ts';

export const adminOperationsPublic: StarterRule = {
  id: 'admin-operations-public',
  severity: 'warning',
  appliesTo: { kind: 'Api', visibility: ['public'] },
  field: 'openapi',
  expression: `api.operations.all(o, !o.path.matches("(?i)(^|/)admin(istration)?(/|$)"))`,
  message: `Api \${api.name} is public and has administrative operations: \${api.operations.filter(o, o.path.matches("(?i)(^|/)admin(istration)?(/|$)")).map(o, o.id)}.`,
  hint: 'Move them to an API of their own with visibility `internal`.',
  rationale: 'One forgotten check of a role, and every caller is an administrator.',
  references: ['OWASP API5:2023'],
  examples: {
    pass: [{ api: { visibility: 'public' } }],
    fail: [
      { api: { visibility: 'public', operations: [{ id: 'dropUsers', method: 'delete', path: '/admin/users' }] } },
    ],
  },
};
