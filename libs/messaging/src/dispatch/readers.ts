import {
  type DeadLetter,
  deadLetterSchema,
  type EventEnvelope,
  type TrafficBatch,
  trafficBatchSchema,
} from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { Message } from '../bus/message-bus.ts';
import { decodeEvent } from '../envelope/codec.ts';
import type { Reader } from './dispatcher.ts';

export const readEvent: Reader<EventEnvelope> = (message) => {
  const { event } = decodeEvent(message);
  return {
    payload: event,
    id: event.id,
    story: { correlationId: event.correlationId, causationId: event.id },
    traceparent: event.traceparent,
  };
};

export const readTraffic: Reader<TrafficBatch> = (message) => {
  const batch = trafficBatchSchema.safeParse(JSON.parse(Buffer.from(message.body).toString('utf8')));
  if (!batch.success) {
    throw new InvalidInputError(
      'traffic-batch-invalid',
      `a traffic batch on ${message.subject} is not what it should be`,
      {
        cause: batch.error,
      },
    );
  }
  return {
    payload: batch.data,
    id: message.id,
    story: { correlationId: message.id, causationId: null },
    traceparent: null,
  };
};

export const readDeadLetter: Reader<DeadLetter> = (message, sequence) => {
  const letter = deadLetterOf(message, sequence, new Date());
  return {
    payload: letter,
    id: message.id,
    story: {
      correlationId: message.headers['ce-correlationid'] ?? message.id,
      causationId: letter.event.id === '' ? null : letter.event.id,
    },
    traceparent: message.headers['ce-traceparent'] ?? null,
  };
};

/** The description of a message that lies in the dead-letter stream. */
export function deadLetterOf(message: Message, sequence: number, at: Date): DeadLetter {
  const header = (name: string) => message.headers[name] ?? '';
  return deadLetterSchema.parse({
    sequence,
    service: header('gitway-service'),
    subject: header('gitway-original-subject'),
    event: { id: header('ce-id'), type: header('ce-type') },
    error: { slug: header('gitway-error-slug'), message: header('gitway-error') },
    attempts: Math.max(1, Number(header('gitway-attempts')) || 1),
    at: at.toISOString(),
  });
}

/** The message as it was before it became a dead letter. */
export function originalOf(message: Message): Message {
  const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !name.startsWith('gitway-')));
  return {
    subject: message.headers['gitway-original-subject'] ?? message.subject,
    id: message.headers['gitway-original-id'] ?? message.id,
    headers,
    body: message.body,
  };
}
