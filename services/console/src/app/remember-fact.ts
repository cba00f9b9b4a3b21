import type { EventEnvelope } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { keepFact, type Retention } from '../adapters/postgres-kept-facts.ts';
import { environmentsOf, factNameOf } from '../domain/facts.ts';

/** Every fact, from whomever, becomes readable at `/api/events`. */
export class RememberFact {
  private readonly retention: Retention;

  constructor(retention: Retention) {
    this.retention = retention;
  }

  run(event: EventEnvelope): Commit {
    const { id, type, source, subject, time, correlationId, causationId, traceparent, data } = event;
    const kept = {
      eventId: id,
      fact: factNameOf(event),
      environments: environmentsOf(data),
      json: JSON.stringify({ id, type, source, subject, time, correlationId, causationId, traceparent, data }),
    };
    return ({ manager }) => keepFact(manager, kept, this.retention);
  }
}
