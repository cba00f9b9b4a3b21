import { isRetryable } from '@gitway/errors';
import { isDatabaseUnavailable } from '@gitway/persistence';

/** Waits before the second, third, … try. After the last a message is a dead letter. */
export const RETRY_DELAYS_MS: readonly number[] = [100, 500, 2_000, 5_000, 15_000, 30_000];

const natsAway = new Set([
  'TimeoutError',
  'ConnectionError',
  'ClosedConnectionError',
  'DisconnectedError',
  'RequestError',
]);

/** Whether a server that the work needs is away: nobody's fault, so no try is counted. */
export function isInfrastructureAway(error: unknown): boolean {
  if (isDatabaseUnavailable(error)) return true;
  for (let current = error; current instanceof Error; current = current.cause) {
    if (natsAway.has(current.name)) return true;
  }
  return false;
}

export type Outcome = { kind: 'retry'; delayMs: number } | { kind: 'dead-letter' };

/** What becomes of a delivery whose handler threw. `attempt` counts from 1. */
export function outcomeOf(error: unknown, attempt: number): Outcome {
  const last = RETRY_DELAYS_MS.at(-1) as number;
  if (isInfrastructureAway(error))
    return { kind: 'retry', delayMs: Math.min(RETRY_DELAYS_MS[attempt - 1] ?? last, 2_000) };
  const delayMs = RETRY_DELAYS_MS[attempt - 1];
  return isRetryable(error) && delayMs !== undefined ? { kind: 'retry', delayMs } : { kind: 'dead-letter' };
}
