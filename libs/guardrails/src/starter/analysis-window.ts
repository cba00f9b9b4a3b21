import type { StarterRule } from './starter-rule.ts';

export const analysisWindow: StarterRule = {
  id: 'analysis-window',
  severity: 'warning',
  appliesTo: { kind: 'Environment' },
  field: 'analysis.windowMs',
  expression: 'environment.analysis.windowMs >= 60000',
  message:
    'Environment ${environment.name} watches traffic for only ${environment.analysis.windowMs / 1000} s after a deployment.',
  hint: 'Set `analysis.window` to at least 1m.',
  rationale: 'A regression that is found in time is rolled back by itself.',
  examples: {
    pass: [{ environment: {} }],
    fail: [{ environment: { analysis: { windowMs: 10000 } } }],
  },
};
