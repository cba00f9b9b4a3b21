import type { StarterRule } from './starter-rule.ts';

export const traceMethod: StarterRule = {
  id: 'trace-method',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'openapi',
  expression: `api.operations.all(o, !(o.method in ["trace", "connect"]))`,
  message: `Api \${api.name} offers \${api.operations.filter(o, o.method in ["trace", "connect"]).map(o, o.method + " " + o.path)}.`,
  hint: 'Take the operation out.',
  rationale: 'TRACE sends back what it was sent, keys included.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { operations: [{ id: 'trace', method: 'trace', path: '/' }] } }],
  },
};
