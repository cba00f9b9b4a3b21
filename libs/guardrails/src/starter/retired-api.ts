import type { StarterRule } from './starter-rule.ts';

export const retiredApi: StarterRule = {
  id: 'retired-api',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'lifecycle',
  expression: `api.lifecycle != "retired"`,
  message: 'Api ${api.name} is retired and still answers.',
  hint: 'Delete it, or set its lifecycle to `deprecated` until it goes.',
  rationale: 'Old versions are where forgotten holes stay open.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { lifecycle: 'retired' } }],
  },
};
