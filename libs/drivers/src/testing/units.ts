import { createHash } from 'node:crypto';
import { type ApiUnit, type ConsumerEntry, type ConsumersUnit, digestOf, type GatewayUnit } from '@gitway/contracts';
import type { EffectivePolicy, PlanUnit, RateLimit, Unit } from '@gitway/contracts';
import { nothingProvided, type RenderContext, type SnapshotUnit } from '../driver.ts';

/** Small valid units to change one thing of. */
export const keyHash = (key: string) => createHash('sha256').update(key).digest('hex');

export const stored = (units: readonly Unit[]): SnapshotUnit[] =>
  units.map((unit) => ({ digest: digestOf(unit), unit }));

export function anApi(name: string, change: Partial<ApiUnit> = {}): ApiUnit {
  return {
    kind: 'api',
    name,
    labels: {},
    owner: null,
    lifecycle: 'active',
    visibility: 'public',
    route: { hosts: [], basePath: `/${name}`, keepBasePath: false },
    openapi: { title: name, version: '1', digest: `sha256-${'0'.repeat(64)}` },
    operations: [],
    pools: [aPool('stable', 100, [9])],
    plans: [],
    policy: policyOf(),
    ...change,
  };
}

export const policyOf = (change: Partial<EffectivePolicy> = {}): EffectivePolicy => ({
  auth: { kind: 'none' },
  rateLimits: [],
  timeouts: { connectMs: 1000, requestMs: 5000 },
  ...change,
});

export const aPool = (name: string, weight: number, ports: readonly number[]): ApiUnit['pools'][number] => ({
  name,
  weight,
  targets: ports.map((port) => ({ scheme: 'http', host: '127.0.0.1', port, weight: 1 })),
  healthCheck: null,
});

export const keyAuth = { kind: 'apiKey', header: 'X-Api-Key', bearer: true, query: 'api_key' } as const;

export const aPlan = (name: string, rateLimit: RateLimit | null = null): PlanUnit => ({
  kind: 'plan',
  name,
  rateLimits: rateLimit === null ? [] : [rateLimit],
});

export const aConsumer = (name: string, key: string, change: Partial<ConsumerEntry> = {}): ConsumerEntry => ({
  name,
  owner: null,
  keyHashes: [keyHash(key)],
  plans: [],
  suspended: false,
  ...change,
});

export const aShard = (consumers: readonly ConsumerEntry[], name = '00'): ConsumersUnit => ({
  kind: 'consumers',
  name,
  consumers: [...consumers],
});

export const aGateway: GatewayUnit = {
  kind: 'gateway',
  name: 'edge',
  driver: 'haproxy',
  listeners: [{ name: 'http', protocol: 'http', port: 8080 }],
};

export const aContext = (change: Partial<RenderContext> = {}): RenderContext => ({
  environment: 'staging',
  gateway: 'edge',
  snapshot: `sha256-${'ab'.repeat(32)}`,
  listeners: { http: '127.0.0.1:8080' },
  dir: '/gateway',
  probeToken: '-probe-token-that-looks-like-an-option',
  provided: nothingProvided,
  ...change,
});
