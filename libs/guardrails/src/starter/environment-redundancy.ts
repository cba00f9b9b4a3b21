import type { StarterRule } from './starter-rule.ts';

export const environmentRedundancy: StarterRule = {
  id: 'environment-redundancy',
  severity: 'info',
  appliesTo: { kind: 'Environment', environments: ['production', 'prod', 'live'] },
  field: 'gateways',
  expression: 'size(environment.gateways) >= 2',
  message: 'Environment ${environment.name} stands on one gateway.',
  hint: 'Add a second gateway.',
  rationale: 'The gateway is in the way of every call.',
  examples: {
    pass: [{ environment: { gateways: ['edge-eu', 'edge-us'] } }],
    fail: [{ environment: {} }],
  },
};
