import type { StarterRule } from './starter-rule.ts';

export const requestTimeoutLower: StarterRule = {
  id: 'request-timeout-lower',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.timeouts.requestMs',
  expression: 'api.policy.timeouts.requestMs >= 100',
  message: 'Api ${api.name} waits only ${api.policy.timeouts.requestMs} ms for an answer.',
  hint: 'Set `timeout.request` to at least 100ms.',
  rationale: 'A timeout below what a busy upstream needs turns load into errors.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { timeouts: { connectMs: 20, requestMs: 50 } } } }],
  },
};
