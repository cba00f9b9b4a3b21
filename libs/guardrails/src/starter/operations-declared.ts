import type { StarterRule } from './starter-rule.ts';

export const operationsDeclared: StarterRule = {
  id: 'operations-declared',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'openapi',
  expression: 'size(api.operations) > 0',
  message: 'The document of Api ${api.name} declares no operation.',
  hint: 'Describe its paths.',
  rationale: 'What is not described is neither counted nor checked.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { operations: [] } }],
  },
};
