import {
  DEAD_LETTER_STREAM,
  eventOfType,
  eventsOwnedBy,
  type EventEnvelope,
  type Owner,
  owners,
  replayRequested,
  services,
} from '@gitway/contracts';
import { InternalError, NotFoundError } from '@gitway/errors';
import { logger } from '@gitway/observability';
import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';

import { lastValueFrom } from 'rxjs';
import type { ConsumerRef, MessageBus, Subscription } from '../bus/message-bus.ts';
import type { DispatchOptions, Dispatcher } from '../dispatch/dispatcher.ts';
import { originalOf, readDeadLetter, readEvent, readTraffic } from '../dispatch/readers.ts';
import type { Commit } from '../outbox/unit-of-work.ts';
import { allFactsConsumer, deadLettersConsumer, factConsumer, trafficConsumer } from '../provision/topology.ts';
import { ANY_FACT_PATTERN, DEAD_LETTER_PATTERN, FACT_PATTERN, TRAFFIC_PATTERN } from './decorators.ts';

const log = logger('transport');

/**
 * Nest's transport over the bus: every `@OnFact`, `@OnAnyFact`, `@OnTraffic` and `@OnDeadLetter` method becomes a
 * consumer. The consumers themselves exist already (see provision); a service that listens to what its contract does
 * not list does not start.
 */
export class BusTransport extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly routes = new Map<string, DispatchOptions<unknown>>();

  constructor(
    private readonly service: Owner,
    private readonly bus: MessageBus,
    private readonly dispatcher: Dispatcher,
  ) {
    super();
  }

  override listen(callback: (error?: unknown) => void): void {
    this.subscribeAll().then(() => callback(), callback);
  }

  override async close(): Promise<void> {
    await Promise.all(this.subscriptions.splice(0).map((subscription) => subscription.stop()));
  }

  override on(): never {
    throw new InternalError('no-transport-events', 'this transport emits no events of its own');
  }

  override unwrap<T>(): T {
    return this.bus as T;
  }

  private async subscribeAll(): Promise<void> {
    for (const [pattern, handler] of this.getHandlers()) {
      if (handler.next) throw new InternalError('handler-twice', `${this.service} has two handlers for ${pattern}`);
      if (pattern.startsWith(FACT_PATTERN)) await this.onFact(pattern.slice(FACT_PATTERN.length), handler);
      else if (pattern === ANY_FACT_PATTERN) await this.onAnyFact(handler);
      else if (pattern === TRAFFIC_PATTERN)
        await this.on_(trafficConsumer(this.service), this.route('traffic', readTraffic, handler));
      else if (pattern === DEAD_LETTER_PATTERN)
        await this.on_(deadLettersConsumer(this.service), this.route('dead-letters', readDeadLetter, handler));
      else throw new InternalError('unknown-pattern', `nothing delivers ${pattern}; use @OnFact and its siblings`);
    }
    const contract = services[this.service];
    if (contract.consumes !== '*' && contract.consumes.includes('replay-requested')) await this.onReplay();
    log.debug({ consumers: this.subscriptions.length }, 'listening');
  }

  private async onFact(type: string, handler: MessageHandler): Promise<void> {
    const definition = eventOfType(type);
    const { consumes } = services[this.service];
    if (definition === undefined || consumes === '*' || !consumes.includes(definition.fact)) {
      throw new InternalError('not-in-contract', `${this.service} handles ${type}, which its contract does not list`);
    }
    await this.on_(
      factConsumer(this.service, definition.owner, definition.fact),
      this.route(definition.fact, readEvent, handler),
    );
  }

  private async onAnyFact(handler: MessageHandler): Promise<void> {
    const all = this.route('all', readEvent, handler);
    // A service that hears everything is handed the requests to replay its own dead letters the same way.
    const options = {
      ...all,
      handle: async (event: EventEnvelope) => {
        const request = event.type === replayRequested.type ? replayRequested.data.parse(event.data) : null;
        if (request?.service === this.service) await this.replay(request.sequence);
        return all.handle(event);
      },
    };
    for (const owner of owners) {
      if (eventsOwnedBy(owner).length > 0) await this.on_(allFactsConsumer(this.service, owner), options);
    }
  }

  private async on_<Payload>(ref: ConsumerRef, options: DispatchOptions<Payload>): Promise<void> {
    this.subscriptions.push(await this.bus.consume(ref, (delivery) => this.dispatcher.dispatch(delivery, options)));
  }

  private route<Payload>(
    name: string,
    read: DispatchOptions<Payload>['read'],
    handler: MessageHandler,
  ): DispatchOptions<Payload> {
    const options: DispatchOptions<Payload> = {
      consumer: name,
      read,
      handle: async (payload) => {
        const result: unknown = await handler(payload, new BaseRpcContext([]));
        return (await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined })) as
          Commit | undefined;
      },
    };
    this.routes.set(name, options as DispatchOptions<unknown>);
    return options;
  }

  /** Dead letters of this service, handled again when a person asks. The inbox still sees to it that it happens once. */
  private async onReplay(): Promise<void> {
    const replay: DispatchOptions<EventEnvelope> = {
      consumer: 'replay-requested',
      read: readEvent,
      handle: async (event) => {
        const { sequence } = replayRequested.data.parse(event.data);
        await this.replay(sequence);
      },
    };
    await this.on_(factConsumer(this.service, 'console', 'replay-requested'), replay);
  }

  /** @throws NotFoundError when there is no such dead letter of this service; whatever its handler throws. */
  async replay(sequence: number): Promise<void> {
    const letter = await this.bus.read(DEAD_LETTER_STREAM, sequence);
    if (letter === null || letter.headers['gitway-service'] !== this.service) {
      throw new NotFoundError('no-such-dead-letter', `${this.service} has no dead letter number ${sequence}`);
    }
    const original = originalOf(letter);
    const fact = original.subject.split('.')[2] ?? '';
    const options =
      this.routes.get(fact) ?? this.routes.get('all') ?? this.routes.get(original.subject.split('.')[1] ?? '');
    if (options === undefined) {
      throw new NotFoundError('no-handler', `${this.service} does not handle ${original.subject} any more`);
    }
    await this.dispatcher.handleOnce(original, 0, 2, options);
    log.info({ sequence, subject: original.subject }, 'replayed a dead letter');
  }
}
