/**
 * The bus as Gitway needs it: durable streams, durable consumers, at-least-once delivery.
 *
 * - **message**: bytes under a subject, with an id. A message whose id was stored before (within the stream's
 *   duplicate window) is not stored again.
 * - **consumer**: a named position in a stream. Replicas that use one name share the work.
 * - **delivery**: one try at handing a message over. It ends by `ack`, `retryIn` or by the passing of the ack wait,
 *   after which the message is delivered again with `attempt` one higher.
 */
export interface Message {
  readonly subject: string;
  readonly id: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Delivery {
  readonly message: Message;
  /** Counts from 1. */
  readonly attempt: number;
  /** Position in the stream. */
  readonly sequence: number;
  /** When the stream stored it. */
  readonly storedAt: Date;
  ack(): void;
  retryIn(delayMs: number): void;
  /** Asks for more time; called by whoever handles for long. */
  working(): void;
}

export interface ConsumerRef {
  readonly stream: string;
  /** Name of the durable consumer, made by the provisioning step. */
  readonly durable: string;
  /** Subjects that it is given, with NATS wildcards. */
  readonly filter: string;
}

export interface Subscription {
  /** Stops taking new deliveries and waits for those in hand. */
  stop(): Promise<void>;
}

export abstract class MessageBus {
  /**
   * Resolves once the message is stored, or was stored before under the same id.
   * @throws when the bus cannot be reached within its time limit, or refuses (permission, size).
   */
  abstract publish(message: Message): Promise<void>;

  /** Hands over messages until stopped; survives the bus being away. `onDelivery` must not throw. */
  abstract consume(consumer: ConsumerRef, onDelivery: (delivery: Delivery) => Promise<void>): Promise<Subscription>;

  /** One stored message by its position; null when it is not (or no longer) there. */
  abstract read(stream: string, sequence: number): Promise<Message | null>;
}

/** How many messages one consumer hands to one process before the first of them is acknowledged. */
export const MAX_IN_HAND = 32;

/**
 * A delivery that is neither acknowledged nor extended for this long is made again: how long work waits whose process
 * was killed. Whoever handles for longer extends it (`working`), every third of this time.
 */
export const ACK_WAIT_MS = 6_000;
