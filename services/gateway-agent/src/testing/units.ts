import type { ApiUnit, ConsumersUnit, GatewayUnit } from '@gitway/contracts';
import { aConsumer, anApi, aShard } from '@gitway/drivers/testing';
import { GATEWAY } from './agent.ts';

export const gatewayUnit = (
  listeners: GatewayUnit['listeners'] = [{ name: 'http', protocol: 'http', port: 8080 }],
): GatewayUnit => ({
  kind: 'gateway',
  name: GATEWAY,
  driver: 'haproxy',
  listeners,
});

export const apiUnit = (name: string, port: number, change: Partial<ApiUnit> = {}): ApiUnit =>
  anApi(name, {
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
    ...change,
  });

export const keyAuth = { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null } as const;

export const consumersUnit = (name: string, key: string): ConsumersUnit => aShard([aConsumer(name, key)]);
