import type { StarterRule } from './starter-rule.ts';

export const publicApiVersion: StarterRule = {
  id: 'public-api-version',
  severity: 'info',
  appliesTo: { kind: 'Api', visibility: ['public'] },
  field: 'route.basePath',
  expression: `api.route.basePath.matches("(^|/)v[0-9]+(/|$)") ||
  api.route.hosts.exists(h, h.matches("(^|[.-])v[0-9]+[.-]"))`,
  message: 'Neither path nor host of Api ${api.name} names a version.',
  hint: 'Put one into the base path, as in /pets/v1.',
  rationale: 'A second version that breaks callers needs a place beside the first.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: { visibility: 'public', route: { basePath: '/pets/v1' } } }],
    fail: [{ api: { visibility: 'public' } }],
  },
};
