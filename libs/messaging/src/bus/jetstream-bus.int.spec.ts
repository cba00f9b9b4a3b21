import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { ADMIN_USER } from '../provision/permissions.ts';
import { busConformance } from '../testing/bus-conformance.ts';
import { useMessaging } from '../testing/use-messaging.ts';
import { waitFor } from '@gitway/testing';
import { JetStreamBus } from './jetstream-bus.ts';

const messaging = useMessaging();
let bus: JetStreamBus;
let stream: string;

beforeAll(async () => {
  bus = new JetStreamBus(await messaging.connectAs(ADMIN_USER));
});

beforeEach(async () => {
  stream = `TEST_${randomUUID().replaceAll('-', '')}`;
  const manager = await jetstreamManager(await messaging.connectAs(ADMIN_USER));
  await manager.streams.add({ name: stream, subjects: [`${stream}.>`], allow_direct: true });
  await manager.consumers.add(stream, {
    durable_name: 'reader',
    ack_policy: AckPolicy.Explicit,
    filter_subject: `${stream}.>`,
  });
});

busConformance('NATS JetStream', () => ({
  bus,
  consumer: { stream, durable: 'reader', filter: `${stream}.>` },
  subject: `${stream}.subject.a`,
}));

describe('when the server is killed', () => {
  it('goes on consuming and publishing once it is back, with nothing lost', async () => {
    const bodies: string[] = [];
    const subscription = await bus.consume({ stream, durable: 'reader', filter: `${stream}.>` }, async (delivery) => {
      bodies.push(Buffer.from(delivery.message.body).toString());
      delivery.ack();
    });
    const publish = (body: string) =>
      bus.publish({ subject: `${stream}.a`, id: randomUUID(), headers: {}, body: Buffer.from(body) });
    await publish('before');
    await waitFor(() => bodies.length === 1);
    await messaging.nats.kill();
    await expect(publish('while it is away')).rejects.toThrow();
    await messaging.nats.restart();
    await waitFor(() => publish('after').then(() => true), { timeoutMs: 20_000 });
    await waitFor(() => bodies.includes('after'), { timeoutMs: 20_000 });
    await subscription.stop();
  });
});
