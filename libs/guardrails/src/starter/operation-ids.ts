import type { StarterRule } from './starter-rule.ts';

export const operationIds: StarterRule = {
  id: 'operation-ids',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'openapi',
  expression: `api.operations.all(o, !o.id.contains(" "))`,
  message: `Api \${api.name} has operations without an operationId: \${api.operations.filter(o, o.id.contains(" ")).map(o, o.id)}.`,
  hint: 'Give each an `operationId`.',
  rationale: 'Figures, limits and changes are kept by that id; method and path change more often.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { operations: [{ id: 'get /pets' }] } }],
  },
};
