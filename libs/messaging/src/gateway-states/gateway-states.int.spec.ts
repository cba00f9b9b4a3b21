import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type Desired, desiredKey, GATEWAYS_BUCKET, type Reported } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { useMessaging } from '../testing/use-messaging.ts';
import type { GatewayStates } from './gateway-states.ts';
import { InMemoryGatewayStates } from './memory-gateway-states.ts';
import { NatsGatewayStates } from './nats-gateway-states.ts';

const messaging = useMessaging();
const snapshot = `sha256-${'a'.repeat(64)}`;

const desired = (gateway: string, generation: number): Desired => ({
  environment: 'staging',
  gateway,
  generation,
  phase: 'run',
  snapshot,
  deployment: randomUUID(),
  traceparent: null,
  writtenAt: new Date().toISOString(),
});
const reported = (gateway: string, generation: number): Reported => ({
  environment: 'staging',
  gateway,
  generation,
  running: snapshot,
  prepared: snapshot,
  problems: [],
  drift: [],
  agent: { version: '0.1.0', instance: 'test' },
  proxy: { name: 'haproxy', version: '2.6.12' },
  listeners: { http: '127.0.0.1:8080' },
  times: {},
  reportedAt: new Date().toISOString(),
});

const kinds: [string, () => Promise<{ deployer: GatewayStates; agent: GatewayStates }>][] = [
  [
    'in memory',
    async () => {
      const states = new InMemoryGatewayStates();
      return { deployer: states, agent: states };
    },
  ],
  [
    'NATS',
    async () => ({
      deployer: new NatsGatewayStates(await messaging.connectAs('deployer')),
      agent: new NatsGatewayStates(await messaging.connectAs('gateway-agent')),
    }),
  ],
];

describe.each(kinds)('gateway states: %s', (_, setUp) => {
  it('writes desired only over what was read', async () => {
    const { deployer } = await setUp();
    const gateway = `edge-${randomUUID()}`;
    expect(await deployer.getDesired('staging', gateway)).toBeNull();
    const first = await deployer.putDesired(desired(gateway, 1), null);
    await expect(deployer.putDesired(desired(gateway, 1), null)).rejects.toMatchObject({ slug: 'desired-changed' });
    const second = await deployer.putDesired(desired(gateway, 2), first);
    await expect(deployer.putDesired(desired(gateway, 3), first)).rejects.toMatchObject({ slug: 'desired-changed' });
    expect(await deployer.getDesired('staging', gateway)).toMatchObject({ revision: second, value: { generation: 2 } });
    expect((await deployer.listDesired()).some((value) => value.gateway === gateway)).toBe(true);
  });

  it('gives a watcher the present value and each newer one', async () => {
    const { deployer, agent } = await setUp();
    const gateway = `edge-${randomUUID()}`;
    const seen: number[] = [];
    const revision = await deployer.putDesired(desired(gateway, 1), null);
    const stop = await agent.watchDesired('staging', gateway, (value) => seen.push(value.generation));
    await waitFor(() => seen.includes(1));
    await deployer.putDesired(desired(gateway, 2), revision);
    await waitFor(() => seen.at(-1) === 2);
    await stop();
  });

  it('tells the deployer of every gateway', async () => {
    const { deployer, agent } = await setUp();
    const [a, b] = [`edge-${randomUUID()}`, `edge-${randomUUID()}`];
    await agent.putReported(reported(a, 1));
    const seen = new Set<string>();
    const stop = await deployer.watchReported((value) => seen.add(value.gateway));
    await waitFor(() => seen.has(a));
    await agent.putReported(reported(b, 1));
    await waitFor(() => seen.has(b));
    expect(await deployer.getReported('staging', b)).toMatchObject({ generation: 1 });
    await stop();
  });
});

describe('a desired state that cannot be read', () => {
  it('counts as absent and is written over', async () => {
    const deployer = new NatsGatewayStates(await messaging.connectAs('deployer'));
    const kv = await new Kvm(jetstream(await messaging.connectAs('deployer'))).open(GATEWAYS_BUCKET);
    await kv.put(desiredKey('staging', 'edge-garbled'), 'of a later release');
    expect(await deployer.getDesired('staging', 'edge-garbled')).toBeNull();
    await deployer.putDesired(desired('edge-garbled', 4), null);
    expect(await deployer.getDesired('staging', 'edge-garbled')).toMatchObject({ value: { generation: 4 } });
    await expect(deployer.putDesired(desired('edge-garbled', 5), null)).rejects.toMatchObject({
      slug: 'desired-changed',
    });
  });
});

describe('gateway states over a NATS that is killed', () => {
  it('goes on watching when the server is back', async () => {
    const deployer = new NatsGatewayStates(await messaging.connectAs('deployer'));
    const agent = new NatsGatewayStates(await messaging.connectAs('gateway-agent'));
    const seen: number[] = [];
    const stop = await agent.watchDesired('staging', 'edge-survivor', (value) => seen.push(value.generation));
    let revision = await deployer.putDesired(desired('edge-survivor', 1), null);
    await waitFor(() => seen.includes(1));
    await messaging.nats.kill();
    await messaging.nats.restart();
    revision = await waitFor(() => deployer.putDesired(desired('edge-survivor', 2), revision), { timeoutMs: 20_000 });
    await waitFor(() => seen.includes(2), { timeoutMs: 20_000 });
    expect(revision).toBeGreaterThan(0);
    await stop();
  });
});
