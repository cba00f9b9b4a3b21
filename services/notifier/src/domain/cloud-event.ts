import type { EventEnvelope } from '@gitway/contracts';

/**
 * A fact in CloudEvents 1.0 structured JSON mode (`application/cloudevents+json`), with Gitway's extensions:
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function cloudEventJson(event: EventEnvelope): string {
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    type: event.type,
    source: event.source,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    correlationid: event.correlationId,
    ...(event.causationId === null ? {} : { causationid: event.causationId }),
    ...(event.traceparent === null ? {} : { traceparent: event.traceparent }),
    data: event.data,
  });
}
