import type { StarterRule } from './starter-rule.ts';

export const gatewayPort: StarterRule = {
  id: 'gateway-port',
  severity: 'info',
  appliesTo: { kind: 'Gateway' },
  field: 'listeners',
  expression: 'gateway.listeners.all(l, l.port >= 1024)',
  message:
    'Gateway ${gateway.name} listens on a port that needs privileges: ${gateway.listeners.filter(l, l.port < 1024).map(l, l.port)}.',
  hint: 'Listen above 1023 and let what stands before it forward.',
  rationale: 'A proxy that needs no root does less harm when it is broken into.',
  references: ['OWASP API8:2023'],
  examples: {
    pass: [{ gateway: {} }],
    fail: [{ gateway: { listeners: [{ port: 80 }] } }],
  },
};
