import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** 10 s by default. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  /** What was waited for, for the error; a function is called when the time is over. */
  readonly message?: string | (() => string);
}

/**
 * Waits until `condition` answers something other than false, null or undefined, and returns that. A condition that
 * throws has not come true yet; its last error is the cause of the time-out's.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 10_000, intervalMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      lastError = undefined;
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) break;
    await delay(intervalMs);
  }
  const what = typeof options.message === 'function' ? options.message() : (options.message ?? 'the condition');
  const why = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`waited ${timeoutMs} ms for ${what}${why}`, lastError === undefined ? {} : { cause: lastError });
}
