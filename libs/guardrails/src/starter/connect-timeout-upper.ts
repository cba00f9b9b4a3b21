import type { StarterRule } from './starter-rule.ts';

export const connectTimeoutUpper: StarterRule = {
  id: 'connect-timeout-upper',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.timeouts.connectMs',
  expression: 'api.policy.timeouts.connectMs <= 5000',
  message: 'Api ${api.name} waits ${api.policy.timeouts.connectMs / 1000} s for a connection, more than 5 s.',
  hint: 'Set `timeout.connect` to at most 5s.',
  rationale: 'A server that does not accept within seconds is down; the next one should be tried.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { timeouts: { connectMs: 20000, requestMs: 30000 } } } }],
  },
};
