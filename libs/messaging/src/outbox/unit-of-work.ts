import { ARTIFACT_INLINE_LIMIT_BYTES, type EventDefinition } from '@gitway/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { newEnvelope } from './fact-publisher.ts';

/** One transaction: what is written through `manager` and what is published become true together, or not at all. */
export interface Tx {
  readonly manager: EntityManager;
  /**
   * States a fact. It leaves for NATS after the transaction has ended, in the order of the calls.
   * @returns the event's id
   */
  publish<Data>(definition: EventDefinition<Data>, data: Data): Promise<string>;
}

/** What a handler wants written: run in one transaction with the record that its event was handled. */
export type Commit = (tx: Tx) => Promise<void>;

export const OUTBOX_CHANNEL = 'gitway_outbox';

export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.dataSource.transaction((manager) => work(new OutboxTx(manager)));
  }
}

class OutboxTx implements Tx {
  constructor(readonly manager: EntityManager) {}

  async publish<Data>(definition: EventDefinition<Data>, data: Data): Promise<string> {
    const event = newEnvelope(definition, data);
    const body = JSON.stringify(event.data);
    if (Buffer.byteLength(body) > ARTIFACT_INLINE_LIMIT_BYTES) {
      throw new RangeError(
        `${event.type} of ${Buffer.byteLength(body)} bytes does not fit in a message; use an artifact`,
      );
    }
    await this.manager.query(
      `WITH stored AS (
         INSERT INTO outbox (id, type, source, subject, time, correlation_id, causation_id, traceparent, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))
       SELECT pg_notify('${OUTBOX_CHANNEL}', '')`,
      [
        event.id,
        event.type,
        event.source,
        event.subject,
        event.time,
        event.correlationId,
        event.causationId,
        event.traceparent,
        body,
      ],
    );
    return event.id;
  }
}
