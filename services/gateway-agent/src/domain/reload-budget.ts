/** So many reloads may follow each other at once… */
export const AT_ONCE = 3;
/** …and then one in each of these. */
export const EVERY_MS = 1_000;

/**
 * Every reload leaves an old worker behind until its connections have ended, so under a burst of changes they are
 * spaced, and the newest of what is wanted meanwhile is taken.
 */
export class ReloadBudget {
  private left = AT_ONCE;
  private asOfMs: number;

  constructor(private readonly nowMs: () => number) {
    this.asOfMs = nowMs();
  }

  spend(reloads: number): void {
    this.fill();
    this.left -= reloads;
  }

  /** How long to wait until one more may be taken. */
  waitMs(): number {
    this.fill();
    return this.left >= 1 ? 0 : Math.ceil((1 - this.left) * EVERY_MS);
  }

  private fill(): void {
    const nowMs = this.nowMs();
    this.left = Math.min(AT_ONCE, this.left + (nowMs - this.asOfMs) / EVERY_MS);
    this.asOfMs = nowMs;
  }
}
