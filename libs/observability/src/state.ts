import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

interface TelemetryState {
  prometheus: PrometheusExporter | null;
  shutdown: () => Promise<void>;
}

/** Held on `globalThis`, since the preload and the service may load this package through different entry points. */
const key = Symbol.for('gitway.telemetry');

export function telemetryState(): TelemetryState {
  const holder = globalThis as { [key]?: TelemetryState };
  holder[key] ??= { prometheus: null, shutdown: async () => {} };
  return holder[key];
}
