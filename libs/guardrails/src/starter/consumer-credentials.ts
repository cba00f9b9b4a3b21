import type { StarterRule } from './starter-rule.ts';

export const consumerCredentials: StarterRule = {
  id: 'consumer-credentials',
  severity: 'warning',
  appliesTo: { kind: 'Consumer' },
  field: 'keyHashes',
  expression: 'consumer.suspended || size(consumer.keyHashes) > 0',
  message: 'Consumer ${consumer.name} has no key and cannot call anything.',
  hint: 'Add the SHA-256 of a key, or delete it.',
  rationale: 'It looks like access and is none.',
  examples: {
    pass: [{ consumer: {} }],
    fail: [{ consumer: { keyHashes: [] } }],
  },
};
