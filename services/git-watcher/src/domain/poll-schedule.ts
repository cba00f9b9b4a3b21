const MAX_BACK_OFF_MS = 5 * 60_000;

/**
 * Milliseconds until a source is asked again: its interval with a tenth of jitter, so that many sources do not ask at
 * once; after failures twice as long each time, at most five minutes (or the interval, if that is longer).
 *
 * @param random from 0 to 1.
 */
export function nextPollMs(intervalMs: number, failures: number, random: number): number {
  const backedOff = Math.min(intervalMs * 2 ** Math.min(failures, 20), Math.max(MAX_BACK_OFF_MS, intervalMs));
  return Math.round(backedOff * (0.9 + random * 0.2));
}
