import { type Attributes, metrics } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { telemetryState } from './state.ts';

const meter = () => metrics.getMeter('gitway');

export interface Counter {
  add(amount?: number, attributes?: Attributes): void;
}

/** A monotonic count. `name` in the field's form: `gitway_events_handled_total`. */
export function counter(name: string, description: string): Counter {
  const instrument = meter().createCounter(name.replace(/_total$/, ''), { description });
  return { add: (amount = 1, attributes) => instrument.add(amount, attributes) };
}

export interface Histogram {
  /** @param seconds what was measured, in seconds, as Prometheus wants it. */
  record(seconds: number, attributes?: Attributes): void;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function histogram(name: string, description: string): Histogram {
  const instrument = meter().createHistogram(name, {
    description,
    unit: 's',
    advice: { explicitBucketBoundaries: secondsBuckets },
  });
  return { record: (seconds, attributes) => instrument.record(seconds, attributes) };
}

/** A value that is asked for when somebody looks. */
export function gauge(name: string, description: string, read: () => number): void {
  meter()
    .createObservableGauge(name, { description })
    .addCallback((result) => result.observe(read()));
}

/** All metrics of this process in the Prometheus text format. */
export async function metricsText(): Promise<string> {
  const reader = telemetryState().prometheus;
  if (reader === null) return '# telemetry is not preloaded in this process\n';
  const { resourceMetrics } = await reader.collect();
  return new PrometheusSerializer('', false).serialize(resourceMetrics);
}
