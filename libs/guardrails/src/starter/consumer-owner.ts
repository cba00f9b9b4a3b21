import type { StarterRule } from './starter-rule.ts';

export const consumerOwner: StarterRule = {
  id: 'consumer-owner',
  severity: 'warning',
  appliesTo: { kind: 'Consumer' },
  field: 'owner',
  expression: 'has(consumer.owner)',
  message: 'Nobody answers for Consumer ${consumer.name}.',
  hint: 'Set `owner`.',
  rationale: 'Whose key it is must be known on the day it leaks.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ consumer: {} }],
    fail: [{ consumer: { owner: null } }],
  },
};
