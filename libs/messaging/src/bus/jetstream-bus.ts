import {
  type JetStreamClient,
  jetstream,
  type JetStreamManager,
  jetstreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { logger } from '@gitway/observability';
import {
  type ConsumerRef,
  type Delivery,
  MAX_IN_HAND,
  type Message,
  MessageBus,
  type Subscription,
} from './message-bus.ts';

const log = logger('bus');

/** The bus over NATS JetStream, with pull consumers that the provisioning step has made. */
export class JetStreamBus extends MessageBus {
  private readonly js: JetStreamClient;
  private manager: Promise<JetStreamManager> | null = null;

  constructor(private readonly connection: NatsConnection) {
    super();
    this.js = jetstream(connection, { timeout: 5_000 });
  }

  async publish(message: Message): Promise<void> {
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
    await this.js.publish(message.subject, message.body, { msgID: message.id, headers });
  }

  async consume(ref: ConsumerRef, onDelivery: (delivery: Delivery) => Promise<void>): Promise<Subscription> {
    const subscription = new PullLoop(this.js, ref, onDelivery);
    subscription.start();
    return subscription;
  }

  async read(stream: string, sequence: number): Promise<Message | null> {
    this.manager ??= jetstreamManager(this.connection, { checkAPI: false });
    const stored = await (await this.manager).direct.getMessage(stream, { seq: sequence });
    if (stored === null) return null;
    const headers = plainHeaders(stored.header);
    return { subject: stored.subject, id: headers['nats-msg-id'] ?? '', headers, body: stored.data };
  }
}

function plainHeaders(headers: MsgHdrs | undefined): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, values] of headers ?? []) plain[name.toLowerCase()] = values[0] ?? '';
  return plain;
}

function deliveryOf(raw: JsMsg): Delivery {
  const headers = plainHeaders(raw.headers);
  return {
    message: { subject: raw.subject, id: headers['nats-msg-id'] ?? '', headers, body: raw.data },
    attempt: raw.info.deliveryCount,
    sequence: raw.seq,
    storedAt: new Date(raw.info.timestampNanos / 1e6),
    ack: () => raw.ack(),
    retryIn: (delayMs) => raw.nak(delayMs),
    working: () => raw.working(),
  };
}

/** Pulls from one consumer until stopped; begins anew, with a pause, whenever the pull ends or cannot begin. */
class PullLoop implements Subscription {
  private stopped = false;
  private current: { close(): Promise<unknown> } | null = null;
  private wake: () => void = () => {};
  private loop: Promise<void> = Promise.resolve();
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly js: JetStreamClient,
    private readonly ref: ConsumerRef,
    private readonly onDelivery: (delivery: Delivery) => Promise<void>,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.current?.close();
    await this.loop;
    await Promise.all(this.inHand);
  }

  private async run(): Promise<void> {
    let reported = false;
    while (!this.stopped) {
      try {
        const consumer = await this.js.consumers.get(this.ref.stream, this.ref.durable);
        const messages = await consumer.consume({ max_messages: MAX_IN_HAND, expires: 10_000, idle_heartbeat: 2_000 });
        this.current = messages;
        if (this.stopped) {
          messages.stop();
          break;
        }
        reported = false;
        for await (const raw of messages) {
          const handled: Promise<void> = this.onDelivery(deliveryOf(raw)).finally(() => this.inHand.delete(handled));
          this.inHand.add(handled);
        }
      } catch (error) {
        if (!this.stopped && !reported) {
          reported = true;
          log.warn(
            { err: error, stream: this.ref.stream, consumer: this.ref.durable },
            'cannot consume yet; trying again',
          );
        }
      }
      this.current = null;
      if (!this.stopped) await this.pause(500);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
