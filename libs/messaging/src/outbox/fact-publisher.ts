import { randomUUID } from 'node:crypto';
import type { EventDefinition, EventEnvelope } from '@gitway/contracts';
import { currentStory, currentTraceparent } from '@gitway/observability';
import type { MessageBus } from '../bus/message-bus.ts';
import { encodeEvent, envelopeOf } from '../envelope/codec.ts';

/**
 * States facts without a database, for services whose truth lies elsewhere (an agent's is its gateway). Whoever has a
 * database uses `Tx.publish`.
 */
export abstract class FactPublisher {
  /** Resolves once the fact is stored. @returns the event's id */
  abstract publish<Data>(definition: EventDefinition<Data>, data: Data): Promise<string>;
}

/** A new event of the present story and trace. */
export function newEnvelope<Data>(definition: EventDefinition<Data>, data: Data): EventEnvelope<Data> {
  const id = randomUUID();
  const story = currentStory();
  return envelopeOf(definition, data, {
    id,
    time: new Date().toISOString(),
    correlationId: story?.correlationId ?? id,
    causationId: story?.causationId ?? null,
    traceparent: currentTraceparent(),
  });
}

export class BusFactPublisher extends FactPublisher {
  constructor(private readonly bus: MessageBus) {
    super();
  }

  async publish<Data>(definition: EventDefinition<Data>, data: Data): Promise<string> {
    const event = newEnvelope(definition, data);
    await this.bus.publish(encodeEvent(event));
    return event.id;
  }
}

export class InMemoryFactPublisher extends FactPublisher {
  readonly published: EventEnvelope[] = [];

  async publish<Data>(definition: EventDefinition<Data>, data: Data): Promise<string> {
    const event = newEnvelope(definition, data);
    this.published.push(event);
    return event.id;
  }
}
