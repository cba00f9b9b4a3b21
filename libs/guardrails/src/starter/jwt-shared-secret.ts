import type { StarterRule } from './starter-rule.ts';

export const jwtSharedSecret: StarterRule = {
  id: 'jwt-shared-secret',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.auth',
  expression: `!api.policy.auth.algorithms.exists(a, a.startsWith("HS")) &&
  api.policy.auth.methods.all(m, !m.algorithms.exists(a, a.startsWith("HS")))`,
  message: 'Api ${api.name} takes tokens signed with a shared secret.',
  hint: 'Use RS256 or ES256: whoever can check such a token cannot make one.',
  rationale: 'Everybody who can check a token of HS256 can also make one.',
  references: ['RFC 8725 3.5'],
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
          policy: { auth: { kind: 'jwt', issuer: 'https://id.example.com', audience: [], algorithms: ['HS256'] } },
        },
      },
    ],
  },
};
