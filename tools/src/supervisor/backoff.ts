export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A process that lived this long starts from `firstMs` again. */
  readonly stableAfterMs: number;
}

export const restartBackoff: BackoffOptions = { firstMs: 100, longestMs: 10_000, stableAfterMs: 20_000 };

/**
 * How long to wait before restart number `failures` (from 1): doubling, bounded, with half of it left to chance, so
 * that processes that fell together do not rise together.
 *
 * @param chance from 0 to below 1
 */
export function backoffMs(failures: number, chance: number, options: BackoffOptions = restartBackoff): number {
  const full = Math.min(options.longestMs, options.firstMs * 2 ** Math.min(30, failures - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}
