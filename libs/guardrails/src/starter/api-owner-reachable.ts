import type { StarterRule } from './starter-rule.ts';

export const apiOwnerReachable: StarterRule = {
  id: 'api-owner-reachable',
  severity: 'info',
  appliesTo: { kind: 'Api' },
  expression: `!has(api.owner) || api.owner.matches("^[^@ ]+@[^@ ]+[.][a-z]+$")`,
  message: 'The owner of Api ${api.name}, ${api.owner}, is not a mail address.',
  hint: 'Write an address that reaches the team.',
  rationale: 'When it burns, somebody has to be told.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { owner: 'team pets' } }],
  },
};
