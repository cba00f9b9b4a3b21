import { type EventDefinition, type EventEnvelope, eventOfType, subjectOf } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { Message } from '../bus/message-bus.ts';
import { upcast } from './upcast.ts';

/**
 * CloudEvents 1.0, NATS protocol binding, binary mode: attributes are `ce-` headers, the body is the data as JSON.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/nats-protocol-binding.md
 *
 * Extension attributes: `correlationid`, `causationid`, and `traceparent` (CloudEvents' distributed tracing
 * extension; also sent as a plain header, where NATS tools look for it).
 */
export function encodeEvent(event: EventEnvelope): Message {
  return {
    subject: event.subject,
    id: event.id,
    headers: {
      'ce-specversion': '1.0',
      'ce-id': event.id,
      'ce-type': event.type,
      'ce-source': event.source,
      'ce-subject': event.subject.split('.').slice(3).join('.'),
      'ce-time': event.time,
      'ce-datacontenttype': 'application/json',
      'content-type': 'application/json',
      'ce-correlationid': event.correlationId,
      ...(event.causationId === null ? {} : { 'ce-causationid': event.causationId }),
      ...(event.traceparent === null ? {} : { 'ce-traceparent': event.traceparent, traceparent: event.traceparent }),
    },
    body: Buffer.from(JSON.stringify(event.data)),
  };
}

/** What every event of the platform looks like before it has an id. */
export function envelopeOf<Data>(
  definition: EventDefinition<Data>,
  data: Data,
  meta: Pick<EventEnvelope, 'id' | 'time' | 'correlationId' | 'causationId' | 'traceparent'>,
): EventEnvelope<Data> {
  const checked = definition.data.safeParse(data);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new TypeError(`${definition.type}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return {
    ...meta,
    type: definition.type,
    source: `/gitway/${definition.owner}`,
    subject: subjectOf(definition, checked.data),
    data: checked.data,
  };
}

/**
 * Reads a message back, brings an older version of its fact to the newest, and checks the data.
 * @throws InvalidInputError when it is no event that this release knows, or its data is not what its type promises.
 */
export function decodeEvent(message: Message): { definition: EventDefinition; event: EventEnvelope } {
  const header = (name: string) => message.headers[`ce-${name}`];
  const type = header('type');
  if (type === undefined || header('id') === undefined) {
    throw new InvalidInputError(
      'not-a-cloudevent',
      `the message on ${message.subject} has no ce-type and ce-id header`,
    );
  }
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(message.body).toString('utf8'));
  } catch (cause) {
    throw new InvalidInputError('event-not-json', `the data of ${type} ${header('id')} is not JSON`, { cause });
  }
  const newest = upcast(type, data);
  const definition = eventOfType(newest.type);
  if (definition === undefined) {
    throw new InvalidInputError('unknown-event-type', `${type} is not an event type that this release knows`);
  }
  const checked = definition.data.safeParse(newest.data);
  if (!checked.success) {
    throw new InvalidInputError(
      'event-data-invalid',
      `the data of ${type} ${header('id')} is not what its type promises`,
      {
        fields: checked.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
      },
    );
  }
  return {
    definition,
    event: {
      id: header('id') as string,
      type: definition.type,
      source: header('source') ?? '',
      subject: message.subject,
      time: header('time') ?? '',
      correlationId: header('correlationid') ?? (header('id') as string),
      causationId: header('causationid') ?? null,
      traceparent: header('traceparent') ?? message.headers['traceparent'] ?? null,
      data: checked.data,
    },
  };
}
