import type { StarterRule } from './starter-rule.ts';

export const apiOwner: StarterRule = {
  id: 'api-owner',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  expression: 'has(api.owner)',
  message: 'Nobody answers for Api ${api.name}.',
  hint: 'Add the annotation `gitway.dev/owner`.',
  rationale: 'An API without an owner is one that nobody repairs and nobody dares to delete.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { owner: null } }],
  },
};
