import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = () => trace.getTracer('gitway');

export interface SpanOptions {
  /** W3C trace context of the work that caused this one, from a message or a stored job. Default: the current span. */
  readonly traceparent?: string | null | undefined;
  readonly kind?: 'internal' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
}

/** Runs the work inside a span; an error ends the span as failed and goes on to the caller. */
export async function withSpan<T>(name: string, work: () => Promise<T>, options: SpanOptions = {}): Promise<T> {
  const parent = options.traceparent
    ? propagation.extract(ROOT_CONTEXT, { traceparent: options.traceparent })
    : context.active();
  const span = tracer().startSpan(
    name,
    {
      kind: { internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER }[
        options.kind ?? 'internal'
      ],
      ...(options.attributes ? { attributes: options.attributes } : {}),
    },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    span.end();
  }
}

/** The W3C `traceparent` of the current span, to travel with a message or a job; null outside any span. */
export function currentTraceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}

export function currentTraceId(): string | undefined {
  return trace.getSpanContext(context.active())?.traceId;
}
