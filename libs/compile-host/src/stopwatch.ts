/** Calls once when it has run for so long altogether; the time in which it rests does not count. */
export class Stopwatch {
  #leftMs: number;
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #ended = false;

  constructor(limitMs: number, over: () => void) {
    this.#leftMs = limitMs;
    this.#over = over;
  }

  start(): void {
    if (this.#ended || this.#timer !== undefined) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#over, this.#leftMs);
  }

  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#startedAt));
  }

  end(): void {
    this.pause();
    this.#ended = true;
  }
}
