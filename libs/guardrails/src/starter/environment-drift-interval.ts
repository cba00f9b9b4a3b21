import type { StarterRule } from './starter-rule.ts';

export const environmentDriftInterval: StarterRule = {
  id: 'environment-drift-interval',
  severity: 'warning',
  appliesTo: { kind: 'Environment' },
  field: 'drift.intervalMs',
  expression: 'environment.drift.intervalMs <= 60000',
  message: 'Environment ${environment.name} compares only every ${environment.drift.intervalMs / 1000} s.',
  hint: 'Set `drift.interval` to at most 60s.',
  rationale: 'A change by hand lives until the next comparison.',
  examples: {
    pass: [{ environment: {} }],
    fail: [{ environment: { drift: { intervalMs: 600000 } } }],
  },
};
