import { telemetryState } from './state.ts';

/** Sends what is still in hand; called last when a process ends. */
export async function stopTelemetry(): Promise<void> {
  await telemetryState().shutdown();
}
