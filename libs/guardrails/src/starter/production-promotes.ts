import type { StarterRule } from './starter-rule.ts';

export const productionPromotes: StarterRule = {
  id: 'production-promotes',
  severity: 'warning',
  appliesTo: { kind: 'Environment', environments: ['production', 'prod', 'live'] },
  field: 'promoteFrom',
  expression: 'has(environment.promoteFrom)',
  message: 'Environment ${environment.name} takes commits that no other environment has seen.',
  hint: 'Set `promoteFrom` to the environment before it.',
  rationale: 'What has been live nowhere has been tried nowhere.',
  examples: {
    pass: [{ environment: { promoteFrom: 'staging' } }],
    fail: [{ environment: {} }],
  },
};
