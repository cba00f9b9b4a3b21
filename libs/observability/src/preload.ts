/**
 * Starts OpenTelemetry before anything else is loaded: `node --import @gitway/observability/preload main.js`.
 *
 * Trace context is always kept, so that logs and events carry trace ids. Spans leave the process, and HTTP,
 * PostgreSQL and Redis are instrumented, only where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector: what nobody
 * looks at costs nothing. Metrics are always there to be scraped at `/metrics`.
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { telemetryState } from './state.ts';

const collector = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
const prometheus = new PrometheusExporter({ preventServerStart: true });

const sdk = new NodeSDK({
  serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'gitway',
  autoDetectResources: false,
  metricReaders: [prometheus],
  logRecordProcessors: [],
  spanProcessors: collector
    ? [new tracing.BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 1000 })]
    : [],
  instrumentations: [
    new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => request.url?.startsWith('/health') ?? false }),
    ...(collector
      ? [new PgInstrumentation({ requireParentSpan: true }), new IORedisInstrumentation({ requireParentSpan: true })]
      : []),
  ],
});
sdk.start();

const state = telemetryState();
state.prometheus = prometheus;
state.shutdown = () => sdk.shutdown();
