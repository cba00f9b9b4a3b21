import type { StarterRule } from './starter-rule.ts';

export const secretInPath: StarterRule = {
  id: 'secret-in-path',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'openapi',
  expression: `api.operations.all(o, !o.path.matches("(?i)[{][^}]*(token|password|secret|api_?key)[^}]*[}]"))`,
  message: `Api \${api.name} takes secrets as part of a path: \${api.operations.filter(o, o.path.matches("(?i)[{][^}]*(token|password|secret|api_?key)[^}]*[}]")).map(o, o.path)}.`,
  hint: 'Take them from a header or the body.',
  rationale: 'Paths are logged everywhere, and what is logged is no secret.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { operations: [{ path: '/sessions/{accessToken}' }] } }],
  },
};
