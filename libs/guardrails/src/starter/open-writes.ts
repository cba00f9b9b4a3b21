import type { StarterRule } from './starter-rule.ts';

export const openWrites: StarterRule = {
  id: 'open-writes',
  severity: 'error',
  appliesTo: { kind: 'Api', visibility: ['public', 'partner'] },
  field: 'policy.auth',
  expression: `api.policy.auth.kind != "none" ||
  !api.operations.exists(o, o.method in ["post", "put", "patch", "delete"])`,
  message: `Api \${api.name} lets anybody write without a key: \${api.operations.filter(o, o.method in ["post", "put", "patch", "delete"]).map(o, o.id)}.`,
  hint: 'Ask for a key, or take the writing operations out of this API.',
  rationale: 'Operations that change something, open to everybody, are the shortest way to lose data.',
  references: ['OWASP API1:2023', 'OWASP API5:2023'],
  examples: {
    pass: [
      { api: { visibility: 'public', policy: { auth: { kind: 'none' } } } },
      { api: { visibility: 'public', operations: [{ id: 'addPet', method: 'post' }] } },
    ],
    fail: [
      {
        api: {
          visibility: 'public',
          policy: { auth: { kind: 'none' } },
          operations: [{ id: 'addPet', method: 'post' }],
        },
      },
    ],
  },
};
