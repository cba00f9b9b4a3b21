import {
  ACK_WAIT_MS,
  type ConsumerRef,
  type Delivery,
  type Message,
  MessageBus,
  type Subscription,
} from './message-bus.ts';
import { subjectMatches } from './subjects.ts';

interface Stored {
  readonly message: Message;
  readonly sequence: number;
  readonly storedAt: Date;
}

interface Pending {
  readonly stored: Stored;
  attempt: number;
}

interface ConsumerState {
  readonly ref: ConsumerRef;
  readonly ready: Pending[];
  readonly subscribers: ((delivery: Delivery) => Promise<void>)[];
  nextSubscriber: number;
}

/**
 * The bus in memory, for tests that are not about NATS. It passes the same conformance suite as the real one.
 */
export class InMemoryMessageBus extends MessageBus {
  private readonly streams = new Map<string, { subjects: string[]; stored: Stored[]; ids: Set<string> }>();
  private readonly consumers = new Map<string, ConsumerState>();
  private readonly ackWaitMs: number;

  constructor(options: { streams: { name: string; subjects: string[] }[]; ackWaitMs?: number }) {
    super();
    this.ackWaitMs = options.ackWaitMs ?? ACK_WAIT_MS;
    for (const { name, subjects } of options.streams) this.streams.set(name, { subjects, stored: [], ids: new Set() });
  }

  async publish(message: Message): Promise<void> {
    const found = [...this.streams].find(([, { subjects }]) =>
      subjects.some((s) => subjectMatches(s, message.subject)),
    );
    if (found === undefined) throw new Error(`no stream takes the subject ${message.subject}`);
    const [name, stream] = found;
    if (stream.ids.has(message.id)) return;
    stream.ids.add(message.id);
    const stored = { message, sequence: stream.stored.length + 1, storedAt: new Date() };
    stream.stored.push(stored);
    for (const consumer of this.consumers.values()) {
      if (consumer.ref.stream === name && subjectMatches(consumer.ref.filter, message.subject)) {
        this.enqueue(consumer, { stored, attempt: 1 });
      }
    }
  }

  async consume(ref: ConsumerRef, onDelivery: (delivery: Delivery) => Promise<void>): Promise<Subscription> {
    const key = `${ref.stream}/${ref.durable}`;
    let consumer = this.consumers.get(key);
    if (consumer === undefined) {
      const stored = this.streams.get(ref.stream)?.stored ?? [];
      consumer = {
        ref,
        ready: stored
          .filter((s) => subjectMatches(ref.filter, s.message.subject))
          .map((s) => ({ stored: s, attempt: 1 })),
        subscribers: [],
        nextSubscriber: 0,
      };
      this.consumers.set(key, consumer);
    }
    const inHand = new Set<Promise<void>>();
    const subscriber = (delivery: Delivery) => {
      const done: Promise<void> = onDelivery(delivery).finally(() => inHand.delete(done));
      inHand.add(done);
      return done;
    };
    consumer.subscribers.push(subscriber);
    this.drain(consumer);
    return {
      stop: async () => {
        consumer.subscribers.splice(consumer.subscribers.indexOf(subscriber), 1);
        await Promise.all(inHand);
      },
    };
  }

  async read(stream: string, sequence: number): Promise<Message | null> {
    return this.streams.get(stream)?.stored[sequence - 1]?.message ?? null;
  }

  /** Everything that a stream holds, oldest first. */
  messagesOf(stream: string): readonly Message[] {
    return (this.streams.get(stream)?.stored ?? []).map((stored) => stored.message);
  }

  private enqueue(consumer: ConsumerState, pending: Pending): void {
    consumer.ready.push(pending);
    setImmediate(() => this.drain(consumer));
  }

  private drain(consumer: ConsumerState): void {
    while (consumer.subscribers.length > 0) {
      const pending = consumer.ready.shift();
      if (pending === undefined) return;
      const subscriber = consumer.subscribers[consumer.nextSubscriber++ % consumer.subscribers.length];
      void subscriber?.(this.deliveryOf(consumer, pending));
    }
  }

  private deliveryOf(consumer: ConsumerState, pending: Pending): Delivery {
    let settled = false;
    let timer: NodeJS.Timeout | undefined;
    const again = () => this.enqueue(consumer, { stored: pending.stored, attempt: pending.attempt + 1 });
    const settle = (then?: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      then?.();
    };
    const startTimer = () => {
      clearTimeout(timer);
      timer = setTimeout(() => settle(again), this.ackWaitMs);
      timer.unref();
    };
    startTimer();
    return {
      message: pending.stored.message,
      attempt: pending.attempt,
      sequence: pending.stored.sequence,
      storedAt: pending.stored.storedAt,
      ack: () => settle(),
      retryIn: (delayMs) => settle(() => void setTimeout(again, delayMs).unref()),
      working: () => {
        if (!settled) startTimer();
      },
    };
  }
}
