import type { StarterRule } from './starter-rule.ts';

export const requestTimeoutUpper: StarterRule = {
  id: 'request-timeout-upper',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.timeouts.requestMs',
  expression: 'api.policy.timeouts.requestMs <= 60000',
  message: 'Api ${api.name} waits ${api.policy.timeouts.requestMs / 1000} s for an answer, more than 60 s.',
  hint: 'Set `timeout.request` to at most 60s; let long work run in the background.',
  rationale: 'Connections that wait pile up until nothing is left for calls that would be quick.',
  references: ['OWASP API4:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { timeouts: { requestMs: 120000 } } } }],
  },
};
