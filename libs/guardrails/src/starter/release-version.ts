import type { StarterRule } from './starter-rule.ts';

export const releaseVersion: StarterRule = {
  id: 'release-version',
  severity: 'info',
  appliesTo: { kind: 'Api', lifecycle: ['active', 'deprecated'] },
  field: 'openapi',
  expression: `!api.openapi.version.matches("(?i)(snapshot|draft|alpha|beta|wip)") &&
  !api.openapi.version.startsWith("0.")`,
  message: 'Api ${api.name} is ${api.lifecycle}, but its document says version ${api.openapi.version}.',
  hint: 'Release the document, or set the lifecycle to `experimental`.',
  rationale: 'Callers read the version as a promise.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { openapi: { version: '1.0.0-draft' } } }],
  },
};
