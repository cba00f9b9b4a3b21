import { DEAD_LETTER_SUBJECTS, type Owner } from '@gitway/contracts';
import { messageOf, slugOf } from '@gitway/errors';
import { counter, histogram, logger, runInStory, type Story, withSpan } from '@gitway/observability';
import { ACK_WAIT_MS, type Delivery, type Message, type MessageBus } from '../bus/message-bus.ts';
import type { Inbox } from '../outbox/inbox.ts';
import type { Commit, UnitOfWork } from '../outbox/unit-of-work.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { outcomeOf } from './retry-policy.ts';

/** How a kind of message is read: its payload for the handler, and the story that it continues. */
export interface Reader<Payload> {
  (message: Message, sequence: number): { payload: Payload; id: string; story: Story; traceparent: string | null };
}

export interface DispatchOptions<Payload> {
  /** Name under which the inbox remembers what was handled. */
  readonly consumer: string;
  readonly read: Reader<Payload>;
  readonly handle: (payload: Payload) => Promise<Commit | void>;
}

const log = logger('dispatch');

/**
 * What surrounds every handler: order within a scope, one trace, one story, once-only effects, bounded retries and
 * dead letters. Handlers know of none of it.
 */
export class Dispatcher {
  private readonly queue = new KeyedQueue();
  private readonly handled = counter('gitway_messages_handled_total', 'Messages handled, by outcome');
  private readonly duration = histogram('gitway_message_handling_seconds', 'From delivery to acknowledgement');
  /** When each message in hand was begun, on the monotonic clock. */
  private readonly begun = new Map<Delivery, number>();

  constructor(
    private readonly service: Owner,
    private readonly bus: MessageBus,
    private readonly database: { unitOfWork: UnitOfWork; inbox: Inbox } | null,
  ) {}

  /** How long the oldest handler that has not come back yet has been at work: liveness follows it. */
  oldestInHandMs(): number {
    const oldest = Math.min(...this.begun.values());
    return Number.isFinite(oldest) ? performance.now() - oldest : 0;
  }

  /** Never throws; ends in an acknowledgement, a retry or a dead letter. */
  async dispatch<Payload>(delivery: Delivery, options: DispatchOptions<Payload>): Promise<void> {
    const keepAlive = setInterval(() => delivery.working(), ACK_WAIT_MS / 3);
    keepAlive.unref();
    try {
      const scope = delivery.message.subject.split('.').slice(3).join('.');
      await this.queue.run(`${options.consumer}/${scope}`, () => this.attempt(delivery, options));
    } finally {
      this.begun.delete(delivery);
      clearInterval(keepAlive);
    }
  }

  private async attempt<Payload>(delivery: Delivery, options: DispatchOptions<Payload>): Promise<void> {
    const startedAt = performance.now();
    this.begun.set(delivery, startedAt);
    const consumer = options.consumer;
    try {
      await this.handleOnce(delivery.message, delivery.sequence, delivery.attempt, options);
      delivery.ack();
      this.handled.add(1, { consumer, outcome: 'done' });
    } catch (error) {
      await this.fail(delivery, options, error);
    }
    this.duration.record((performance.now() - startedAt) / 1000, { consumer });
  }

  /** Handles a message that is not (or no longer) in a consumer's hands, a dead letter for example. Throws. */
  async handleOnce<Payload>(
    message: Message,
    sequence: number,
    attempt: number,
    options: DispatchOptions<Payload>,
  ): Promise<void> {
    const { payload, id, story, traceparent } = options.read(message, sequence);
    const name = `handle ${message.subject.split('.').slice(1, 3).join(' ')}`;
    await runInStory(story, () =>
      withSpan(name, () => this.commitOnce(payload, id, attempt, options), { kind: 'consumer', traceparent }),
    );
  }

  private async commitOnce<Payload>(
    payload: Payload,
    id: string,
    attempt: number,
    options: DispatchOptions<Payload>,
  ): Promise<void> {
    const { database } = this;
    if (database === null) {
      await options.handle(payload);
      return;
    }
    // The first delivery of an event is nearly always its first: only the record below decides.
    if (attempt > 1 && (await database.inbox.has(options.consumer, id))) return;
    const commit = await options.handle(payload);
    await database.unitOfWork.run(async (tx) => {
      if (await database.inbox.record(tx.manager, options.consumer, id)) await commit?.(tx);
    });
  }

  private async fail<Payload>(delivery: Delivery, options: DispatchOptions<Payload>, error: unknown): Promise<void> {
    const { consumer } = options;
    const { message, attempt } = delivery;
    const outcome = outcomeOf(error, attempt);
    if (outcome.kind === 'retry') {
      log.warn({ err: error, consumer, subject: message.subject, attempt, delayMs: outcome.delayMs }, 'will try again');
      delivery.retryIn(outcome.delayMs);
      this.handled.add(1, { consumer, outcome: 'retried' });
      return;
    }
    log.error(
      { err: error, consumer, subject: message.subject, attempt },
      'gave up on a message: it is a dead letter now',
    );
    try {
      await this.bury(message, attempt, error);
      delivery.ack();
      this.handled.add(1, { consumer, outcome: 'dead-letter' });
    } catch (publishError) {
      log.error({ err: publishError, consumer }, 'the dead letter could not be stored; the message stays where it is');
      delivery.retryIn(5_000);
    }
  }

  private async bury(message: Message, attempts: number, error: unknown): Promise<void> {
    const fact = message.subject.split('.')[2] ?? 'unknown';
    await this.bus.publish({
      subject: `${DEAD_LETTER_SUBJECTS.replace('.>', '')}.${this.service}.${fact}`,
      id: `dead/${this.service}/${message.id}`,
      headers: {
        ...message.headers,
        'gitway-original-subject': message.subject,
        'gitway-original-id': message.id,
        'gitway-service': this.service,
        'gitway-attempts': String(attempts),
        'gitway-error-slug': slugOf(error),
        // Header values are one line.
        'gitway-error': messageOf(error)
          .replace(/[\r\n]+/g, ' ')
          .slice(0, 1000),
      },
      body: message.body,
    });
  }
}
