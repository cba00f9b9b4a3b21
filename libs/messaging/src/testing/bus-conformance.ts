import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { waitFor } from '@gitway/testing';
import type { ConsumerRef, Delivery, Message, MessageBus, Subscription } from '../bus/message-bus.ts';

/** What both buses promise. `bus` and `consumer` are asked for within each test. */
export function busConformance(
  name: string,
  setUp: () => { bus: MessageBus; consumer: ConsumerRef; subject: string },
): void {
  describe(`bus conformance: ${name}`, () => {
    const open: Subscription[] = [];
    afterEach(async () => {
      await Promise.all(open.splice(0).map((subscription) => subscription.stop()));
    });

    const message = (subject: string, body: string, id: string = randomUUID()): Message => ({
      subject,
      id,
      headers: { 'ce-type': 'test', 'x-text': 'a: b; "c"' },
      body: Buffer.from(body),
    });
    const collect = async (bus: MessageBus, ref: ConsumerRef, act: (delivery: Delivery) => void) => {
      const deliveries: Delivery[] = [];
      open.push(
        await bus.consume(ref, async (delivery) => {
          deliveries.push(delivery);
          act(delivery);
        }),
      );
      return deliveries;
    };
    const bodies = (deliveries: Delivery[]) => deliveries.map(({ message: m }) => Buffer.from(m.body).toString());

    it('delivers what was published before and after, in order, with headers and bytes as they were', async () => {
      const { bus, consumer, subject } = setUp();
      await bus.publish(message(subject, 'one'));
      const deliveries = await collect(bus, consumer, (delivery) => delivery.ack());
      await bus.publish(message(subject, 'two \u0000 é'));
      await waitFor(() => deliveries.length === 2);
      expect(bodies(deliveries)).toEqual(['one', 'two \u0000 é']);
      expect(deliveries[0]?.message.headers).toMatchObject({ 'ce-type': 'test', 'x-text': 'a: b; "c"' });
      expect(deliveries[0]?.attempt).toBe(1);
      expect(deliveries[1]?.sequence).toBe((deliveries[0]?.sequence ?? 0) + 1);
    });

    it('stores a message id once', async () => {
      const { bus, consumer, subject } = setUp();
      const id = randomUUID();
      await bus.publish(message(subject, 'first', id));
      await bus.publish(message(subject, 'again', id));
      await bus.publish(message(subject, 'last'));
      const deliveries = await collect(bus, consumer, (delivery) => delivery.ack());
      await waitFor(() => deliveries.length >= 2);
      expect(bodies(deliveries)).toEqual(['first', 'last']);
    });

    it('delivers again after the asked-for time, with the attempt counted', async () => {
      const { bus, consumer, subject } = setUp();
      const deliveries = await collect(bus, consumer, (delivery) =>
        delivery.attempt < 3 ? delivery.retryIn(20) : delivery.ack(),
      );
      await bus.publish(message(subject, 'stubborn'));
      await waitFor(() => deliveries.length === 3);
      expect(deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    });

    it('shares the work between subscribers of one consumer', async () => {
      const { bus, consumer, subject } = setUp();
      const first = await collect(bus, consumer, (delivery) => delivery.ack());
      const second = await collect(bus, consumer, (delivery) => delivery.ack());
      for (let i = 0; i < 40; i++) await bus.publish(message(subject, String(i)));
      await waitFor(() => first.length + second.length === 40);
      expect(new Set([...bodies(first), ...bodies(second)]).size).toBe(40);
    });

    it('keeps what was not acknowledged for whoever comes next', async () => {
      const { bus, consumer, subject } = setUp();
      const first = await bus.consume(consumer, async (delivery) => delivery.ack());
      await first.stop();
      await bus.publish(message(subject, 'while nobody listened'));
      const deliveries = await collect(bus, consumer, (delivery) => delivery.ack());
      await waitFor(() => deliveries.length === 1);
    });

    it('reads a stored message by its position, and nothing where there is none', async () => {
      const { bus, consumer, subject } = setUp();
      await bus.publish(message(subject, 'kept', 'id-of-kept'));
      const deliveries = await collect(bus, consumer, (delivery) => delivery.ack());
      await waitFor(() => deliveries.length === 1);
      const read = await bus.read(consumer.stream, deliveries[0]?.sequence ?? 0);
      expect(Buffer.from(read?.body ?? []).toString()).toBe('kept');
      expect(read?.headers['ce-type']).toBe('test');
      expect(await bus.read(consumer.stream, 999_999)).toBeNull();
    });

    it('refuses a subject that no stream takes', async () => {
      const { bus } = setUp();
      await expect(bus.publish(message('nowhere.at.all', 'lost'))).rejects.toThrow();
    });
  });
}
