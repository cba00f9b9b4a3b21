import type { OpenMeans } from './check/compile-means.ts';
import type { CliEnvironment } from './config.ts';

/** Everything that a command may touch of the world around it, so that a test can hand it another one. */
export interface Io {
  /** Results; one call, one or more whole lines. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly color: boolean;
  /** Whether standard output is a terminal, whose screen may be cleared. */
  readonly terminal: boolean;
  /** Whether standard error is watched by a person. */
  readonly interactive: boolean;
  /** Where lines end; Infinity: nowhere, nothing is cut. */
  readonly width: number;
  readonly cwd: string;
  readonly env: CliEnvironment;
  now(): Date;
  /** Aborts on Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Threads and a cache for compiles; without them all is done in this thread and forgotten. */
  readonly openMeans?: OpenMeans;
}
