import {
  type ApiUnit,
  type ConsumerEntry,
  digestOf,
  type Snapshot,
  snapshotDigest,
  type Unit,
} from '@gitway/contracts';
import { compare } from '../diff/json.ts';
import type { PlannedState } from '../reach.ts';

export const api = (name: string, change: Partial<ApiUnit> = {}): ApiUnit => ({
  kind: 'api',
  name,
  labels: {},
  owner: `${name}@example.com`,
  lifecycle: 'active',
  visibility: 'public',
  route: { hosts: ['api.example.com'], basePath: `/${name}`, keepBasePath: false },
  openapi: { title: name, version: '1.0.0', digest: digestOf(name) },
  operations: [
    { id: 'list', method: 'GET', path: '/' },
    { id: 'delete', method: 'DELETE', path: '/{id}' },
  ],
  pools: [{ name: 'stable', weight: 100, targets: [target('a'), target('b'), target('c')], healthCheck: null }],
  plans: ['free'],
  policy: {
    auth: { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null },
    rateLimits: [{ requests: 600, windowMs: 60_000, by: 'consumer' }],
    timeouts: { connectMs: 5_000, requestMs: 10_000 },
  },
  ...change,
});

export const target = (host: string, weight = 1) => ({ scheme: 'http' as const, host, port: 80, weight });

export const policyWith = (change: Partial<ApiUnit['policy']>) => ({ policy: { ...api('x').policy, ...change } });

export const consumer = (name: string, change: Partial<ConsumerEntry> = {}): ConsumerEntry => ({
  name,
  owner: null,
  keyHashes: [digestOf(name).slice(7)],
  plans: ['free'],
  suspended: false,
  ...change,
});

export const consumers = (...entries: ConsumerEntry[]): Unit => ({ kind: 'consumers', name: 'ab', consumers: entries });
export const plan = (name: string, requests: number): Unit => ({
  kind: 'plan',
  name,
  rateLimits: [{ requests, windowMs: 60_000, by: 'consumer' }],
});
export const gateway = (name: string, port = 8080): Unit => ({
  kind: 'gateway',
  name,
  driver: 'haproxy',
  listeners: [{ name: 'http', protocol: 'http', port }],
});
export const environment = (...gateways: [string, ...string[]]): Unit => ({
  kind: 'environment',
  name: 'production',
  gateways,
  promoteFrom: null,
  promotion: { soakMs: 0, approvals: 0 },
  analysis: { windowMs: 120_000, minRequests: 50 },
  drift: { mode: 'heal', intervalMs: 5_000 },
});

/** A snapshot of these units, as the compiler makes one. */
export function stateOf(...units: Unit[]): PlannedState {
  const byDigest = new Map(units.map((unit) => [digestOf(unit), unit]));
  const refs = [...byDigest].map(([digest, { kind, name }]) => ({ kind, name, digest }));
  refs.sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  const snapshot: Snapshot = { environment: 'production', units: refs };
  return { digest: snapshotDigest(snapshot), snapshot, units: byDigest };
}
