import type { StarterRule } from './starter-rule.ts';

export const environmentDriftHeals: StarterRule = {
  id: 'environment-drift-heals',
  severity: 'warning',
  appliesTo: { kind: 'Environment' },
  field: 'drift.mode',
  expression: `environment.drift.mode == "heal"`,
  message: 'Environment ${environment.name} only tells of changes by hand and leaves them in place.',
  hint: 'Set `drift: { mode: heal }`.',
  rationale: 'What is live should be what was reviewed.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ environment: {} }],
    fail: [{ environment: { drift: { mode: 'alert' } } }],
  },
};
