import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  freePort,
  httpCall,
  startTestUpstream,
  tempDir,
  type TestUpstream,
  useHaproxy,
  waitFor,
} from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aGateway, anApi, aPool, policyOf } from '../testing/units.ts';

const east = { haproxy: useHaproxy(), folder: tempDir() };
const west = { haproxy: useHaproxy(), folder: tempDir() };
let upstream: TestUpstream;
let ports: readonly [east: number, west: number];

beforeAll(async () => {
  upstream = await startTestUpstream('pets');
  const policy = policyOf({ rateLimits: [{ requests: 10, windowMs: 86_400_000, by: 'ip' }] });
  const units = [
    aGateway,
    { ...aGateway, name: 'west' },
    ...['pets', 'toys'].map((name) => anApi(name, { pools: [aPool('stable', 100, [upstream.port])], policy })),
  ];
  const [eastPeer, westPeer] = await Promise.all([freePort(), freePort()]);
  ports = [
    await startGateway(east.haproxy, east.folder.path(), units, {
      peers: { listen: `127.0.0.1:${eastPeer}`, others: { west: `127.0.0.1:${westPeer}` } },
    }),
    await startGateway(west.haproxy, west.folder.path(), units, {
      gateway: 'west',
      peers: { listen: `127.0.0.1:${westPeer}`, others: { edge: `127.0.0.1:${eastPeer}` } },
    }),
  ];
});
afterAll(() => upstream.close());

const left = async (port: number, path: string) =>
  Number(/r=(\d+)/.exec(String((await httpCall(port, path)).headers['ratelimit']))?.[1]);

describe('two gateways that count together', () => {
  it('see each other’s counts', async () => {
    const [here, there] = ports;
    // Alone, both would have the same left; peers find each other within seconds.
    await waitFor(
      async () => {
        const [ours, theirs] = [await left(here, '/pets'), await left(there, '/pets')];
        if (ours === 0) throw new Error('the gateways did not find each other');
        return theirs < ours;
      },
      { intervalMs: 1000, timeoutMs: 20_000 },
    );
    let passed = 0;
    await waitFor(async () => {
      const statuses = [(await httpCall(here, '/toys')).status, (await httpCall(there, '/toys')).status];
      passed += statuses.filter((status) => status === 200).length;
      return statuses.every((status) => status === 429);
    });
    // What one has counted reaches the other within moments: what is called in between may pass beyond the ten.
    expect(passed).toBeGreaterThanOrEqual(10);
    expect(passed).toBeLessThanOrEqual(12);
  });
});
