import type { StarterRule } from './starter-rule.ts';

export const jwtAudience: StarterRule = {
  id: 'jwt-audience',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.auth',
  expression: `(api.policy.auth.kind != "jwt" || size(api.policy.auth.audience) > 0) &&
  api.policy.auth.methods.all(m, m.kind != "jwt" || size(m.audience) > 0)`,
  message: 'Api ${api.name} takes tokens that were made for somebody else.',
  hint: 'Set `auth.jwt.audience`.',
  rationale:
    'Without an audience every token of the issuer opens this API, also one that another application was given.',
  references: ['OWASP API2:2023', 'RFC 8725 3.9'],
  examples: {
    pass: [
      { api: {} },
      {
        api: {
          policy: {
            auth: { kind: 'jwt', issuer: 'https://id.example.com', audience: ['pets'], algorithms: ['RS256'] },
          },
        },
      },
    ],
    fail: [
      {
        api: {
          policy: { auth: { kind: 'jwt', issuer: 'https://id.example.com', audience: [], algorithms: ['RS256'] } },
        },
      },
    ],
  },
};
