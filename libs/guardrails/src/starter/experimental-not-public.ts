import type { StarterRule } from './starter-rule.ts';

export const experimentalNotPublic: StarterRule = {
  id: 'experimental-not-public',
  severity: 'warning',
  appliesTo: { kind: 'Api', lifecycle: ['experimental'] },
  field: 'visibility',
  expression: `api.visibility != "public"`,
  message: 'Api ${api.name} is experimental and public.',
  hint: 'Make it `internal` or `partner` until it is `active`.',
  rationale: 'What is public gets callers, and callers make it permanent.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: { lifecycle: 'experimental' } }],
    fail: [{ api: { lifecycle: 'experimental', visibility: 'public' } }],
  },
};
