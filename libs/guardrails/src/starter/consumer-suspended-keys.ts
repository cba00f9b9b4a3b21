import type { StarterRule } from './starter-rule.ts';

export const consumerSuspendedKeys: StarterRule = {
  id: 'consumer-suspended-keys',
  severity: 'warning',
  appliesTo: { kind: 'Consumer' },
  field: 'keyHashes',
  expression: '!consumer.suspended || size(consumer.keyHashes) == 0',
  message: 'Consumer ${consumer.name} is suspended and still has ${size(consumer.keyHashes)} keys.',
  hint: 'Delete its keys; issue new ones when it comes back.',
  rationale: 'One word less in a file, and keys that were given up work again.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ consumer: {} }, { consumer: { suspended: true, keyHashes: [] } }],
    fail: [{ consumer: { suspended: true } }],
  },
};
