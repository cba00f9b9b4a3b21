import type { StarterRule } from './starter-rule.ts';

export const consumerKeysFew: StarterRule = {
  id: 'consumer-keys-few',
  severity: 'warning',
  appliesTo: { kind: 'Consumer' },
  field: 'keyHashes',
  expression: 'size(consumer.keyHashes) <= 3',
  message: 'Consumer ${consumer.name} has ${size(consumer.keyHashes)} keys.',
  hint: 'Keep one, and a second while changing over. Give each application a Consumer of its own.',
  rationale: 'Keys that are shared out can neither be told apart nor taken back one by one.',
  references: ['OWASP API2:2023'],
  examples: {
    pass: [{ consumer: {} }],
    fail: [
      {
        consumer: {
          keyHashes: [
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
            'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
            'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',
            'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',
          ],
        },
      },
    ],
  },
};
