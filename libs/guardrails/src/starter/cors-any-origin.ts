import type { StarterRule } from './starter-rule.ts';

export const corsAnyOrigin: StarterRule = {
  id: 'cors-any-origin',
  severity: 'warning',
  appliesTo: { kind: 'Api' },
  field: 'policy.cors',
  expression: `!has(api.policy.cors) || !api.policy.cors.origins.exists(o, o == "*" || o == "null")`,
  message: 'Pages of any origin may call Api ${api.name} from a browser.',
  hint: 'Name the origins, as in `https://app.example.com`.',
  rationale:
    'A page that a user happens to open can then use what the API gives to everybody; with credentials the language refuses it outright.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: {} }, { api: { policy: { cors: {} } } }],
    fail: [{ api: { policy: { cors: { origins: ['*'] } } } }, { api: { policy: { cors: { origins: ['null'] } } } }],
  },
};
