import type { Figure } from './figure.ts';

export interface BenchmarkContext {
  /** A folder of this benchmark's own, removed after it. */
  readonly folder: string;
  /** Tells the person who waits. */
  say(text: string): void;
}

/** One file each in `benchmarks/`, and one line in `benchmarks/index.ts`. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** Ids of the figures that it gives, in order. */
  readonly figures: readonly string[];
  run(context: BenchmarkContext): Promise<Figure[]>;
}
