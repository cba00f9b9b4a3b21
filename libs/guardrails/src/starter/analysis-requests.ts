import type { StarterRule } from './starter-rule.ts';

export const analysisRequests: StarterRule = {
  id: 'analysis-requests',
  severity: 'info',
  appliesTo: { kind: 'Environment' },
  field: 'analysis.minRequests',
  expression: 'environment.analysis.minRequests >= 20',
  message: 'Environment ${environment.name} judges a deployment by ${environment.analysis.minRequests} calls.',
  hint: 'Set `analysis.minRequests` to at least 20.',
  rationale: 'A handful of calls proves nothing, in either direction.',
  examples: {
    pass: [{ environment: {} }],
    fail: [{ environment: { analysis: { minRequests: 3 } } }],
  },
};
