/** A clock that stands still until it is told to move. Fits everywhere a `Clock` is injected. */
export class TestClock {
  private current: number;

  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.current = new Date(start).getTime();
    if (Number.isNaN(this.current)) throw new Error(`${String(start)} is not a date`);
  }

  now(): Date {
    return new Date(this.current);
  }

  /** Moves forward; never back. */
  advance(ms: number): Date {
    if (!(ms >= 0)) throw new Error(`a clock cannot advance by ${ms} ms`);
    this.current += ms;
    return this.now();
  }

  set(to: Date | string): void {
    this.advance(new Date(to).getTime() - this.current);
  }
}
