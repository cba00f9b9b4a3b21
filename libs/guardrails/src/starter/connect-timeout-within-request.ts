import type { StarterRule } from './starter-rule.ts';

export const connectTimeoutWithinRequest: StarterRule = {
  id: 'connect-timeout-within-request',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'policy.timeouts.connectMs',
  expression: 'api.policy.timeouts.connectMs <= api.policy.timeouts.requestMs',
  message:
    'Api ${api.name} waits longer for the connection (${api.policy.timeouts.connectMs} ms) than for the answer (${api.policy.timeouts.requestMs} ms).',
  hint: 'Make `timeout.connect` shorter than `timeout.request`.',
  rationale: 'One of the two was likely written in the wrong unit.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { policy: { timeouts: { connectMs: 3000, requestMs: 1000 } } } }],
  },
};
