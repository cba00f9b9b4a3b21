import type { StarterRule } from './starter-rule.ts';

export const debugOperations: StarterRule = {
  id: 'debug-operations',
  severity: 'error',
  appliesTo: { kind: 'Api', visibility: ['public', 'partner'] },
  field: 'openapi',
  expression: `api.operations.all(o, !o.path.matches("(?i)(^|/)(debug|actuator|heapdump|phpinfo|pprof|server-status)(/|$)"))`,
  message: `Api \${api.name} shows its inside to the outside: \${api.operations.filter(o, o.path.matches("(?i)(^|/)(debug|actuator|heapdump|phpinfo|pprof|server-status)(/|$)")).map(o, o.path)}.`,
  hint: 'Take these paths out of the document, or make the API internal.',
  rationale: 'Debugging paths give memory, configuration and credentials away.',
  references: ['OWASP API8:2023', 'OWASP API9:2023'],
  examples: {
    pass: [{ api: { visibility: 'public' } }],
    fail: [{ api: { visibility: 'public', operations: [{ path: '/actuator/env' }] } }],
  },
};
