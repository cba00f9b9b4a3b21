import { createHash } from 'node:crypto';
import type { ApiUnit, ConsumersUnit, GatewayUnit } from '@gitway/contracts';
import { GATEWAY } from './agent.ts';

export const gatewayUnit = (
  listeners: GatewayUnit['listeners'] = [{ name: 'http', protocol: 'http', port: 8080 }],
): GatewayUnit => ({
  kind: 'gateway',
  name: GATEWAY,
  driver: 'haproxy',
  listeners,
});

export function apiUnit(name: string, port: number, change: Partial<ApiUnit> = {}): ApiUnit {
  return {
    kind: 'api',
    name,
    labels: {},
    owner: null,
    lifecycle: 'active',
    visibility: 'public',
    route: { hosts: [], basePath: `/${name}`, keepBasePath: false },
    openapi: { title: name, version: '1', digest: `sha256-${'0'.repeat(64)}` },
    operations: [
      { id: 'getPet', method: 'GET', path: '/pets/{petId}' },
      { id: 'listPets', method: 'GET', path: '/pets' },
    ],
    pools: [
      {
        name: 'stable',
        weight: 100,
        targets: [{ scheme: 'http', host: '127.0.0.1', port, weight: 10 }],
        healthCheck: null,
      },
    ],
    plans: [],
    policy: { auth: { kind: 'none' }, rateLimits: [], timeouts: { connectMs: 1000, requestMs: 5000 } },
    ...change,
  };
}

export const keyAuth = { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null } as const;

export const consumersUnit = (name: string, key: string): ConsumersUnit => ({
  kind: 'consumers',
  name: '00',
  consumers: [
    { name, owner: null, keyHashes: [createHash('sha256').update(key).digest('hex')], plans: [], suspended: false },
  ],
});
