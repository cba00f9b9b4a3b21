import { describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import {
  artifactKey,
  ARTIFACTS_BUCKET,
  desiredKey,
  digestOfBytes,
  GATEWAYS_BUCKET,
  owners,
  reportedKey,
} from '@gitway/contracts';
import { NatsArtifactStore } from '../artifacts/nats-artifact-store.ts';
import { useMessaging } from '../testing/use-messaging.ts';
import { consumersOf } from './topology.ts';

const messaging = useMessaging();

describe('what each NATS user may do', () => {
  it('lets a service publish its own facts and refuses it those of another', async () => {
    const js = jetstream(await messaging.connectAs('validator'), { timeout: 2_000 });
    await js.publish('gitway.validator.commit-validated.production', 'x');
    await expect(js.publish('gitway.deployer.deployed.production', 'x')).rejects.toThrow(/permission/i);
  });

  it('lets nobody but the deployer write desired, and nobody but agents write reported', async () => {
    const open = async (user: Parameters<typeof messaging.connectAs>[0]) =>
      new Kvm(jetstream(await messaging.connectAs(user), { timeout: 2_000 })).open(GATEWAYS_BUCKET, {
        allow_direct: true,
      });
    const deployer = await open('deployer');
    const agent = await open('gateway-agent');
    await deployer.put(desiredKey('production', 'edge'), 'x');
    await agent.put(reportedKey('production', 'edge'), 'x');
    await expect(agent.put(desiredKey('production', 'edge'), 'y')).rejects.toThrow(/permission/i);
    await expect(deployer.put(reportedKey('production', 'edge'), 'y')).rejects.toThrow(/permission/i);
    expect((await agent.get(desiredKey('production', 'edge')))?.string()).toBe('x');
    const validator = await open('validator');
    await expect(validator.put(desiredKey('production', 'edge'), 'z')).rejects.toThrow(/permission/i);
  });

  it('lets each owner write its own kinds of artifact only', async () => {
    const kv = await new Kvm(jetstream(await messaging.connectAs('git-watcher'), { timeout: 2_000 })).open(
      ARTIFACTS_BUCKET,
      {
        allow_direct: true,
      },
    );
    await kv.put(artifactKey('blob', 'a'.repeat(40)), 'x');
    await expect(kv.put(artifactKey('unit', digestOfBytes('x')), 'x')).rejects.toThrow(/permission/i);
    const agent = new NatsArtifactStore(await messaging.connectAs('gateway-agent'));
    await expect(agent.putJson('snapshot', {})).rejects.toThrow(/permission/i);
  });

  it('lets a service use its own consumers and nobody else’s', async () => {
    for (const service of owners) {
      const js = jetstream(await messaging.connectAs(service), { timeout: 2_000 });
      for (const { stream, durable } of consumersOf(service)) {
        expect((await js.consumers.get(stream, durable)).isPullConsumer()).toBe(true);
      }
    }
    const [foreign] = consumersOf('deployer');
    const js = jetstream(await messaging.connectAs('analytics'), { timeout: 2_000 });
    await expect(js.consumers.get(foreign?.stream ?? '', foreign?.durable ?? '')).rejects.toThrow(/permission/i);
  });

  it('lets nobody listen in on the facts outside of a consumer', async () => {
    const connection = await messaging.connectAs('analytics');
    const subscription = connection.subscribe('gitway.>');
    await expect(
      (async () => {
        for await (const _ of subscription);
      })(),
    ).rejects.toThrow(/permission/i);
  });
});
