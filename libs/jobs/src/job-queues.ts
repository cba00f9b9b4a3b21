/**
 * Work that one service owes itself later.
 *
 * - **queue**: jobs of one kind. Every replica of the service works on it; a job goes to one of them.
 * - **job**: JSON data and an id. It is run at least once: a process that dies in mid-job leaves it to another.
 * - **attempt**: one run of the handler, counted from 1. A handler that throws is run again after a back-off, unless
 *   the error says that a retry is useless (`isRetryable`) or it was the last attempt; then the job is dropped and logged.
 *
 * A job is only a wake-up. What has to happen, and when, stands in the service's own tables, and a periodic sweep
 * (`every`) finds what a lost job would have woken: Redis may lose its memory, Postgres its last second.
 */
export abstract class JobQueues {
  /** The same name gives the same queue. Lower-case kebab-case. */
  abstract queue<Data>(name: string): JobQueue<Data>;
}

export interface JobOptions {
  /** Not before this many milliseconds from now. Default 0. */
  delayMs?: number;
  /**
   * While a job with this id waits or runs, adding another one changes nothing. The id is free again when the job has
   * ended, well or badly. Default: an id of its own for each job.
   */
  jobId?: string;
  /** How often the handler is run at most. Default 1. */
  attempts?: number;
  /** Pause after the first failed attempt; doubles with each further one up to 15 minutes. Default 1,000. */
  backoffMs?: number;
}

export interface JobContext {
  readonly id: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
}

export type JobHandler<Data> = (data: Data, job: JobContext) => Promise<void>;

export interface JobQueue<Data> {
  /** Resolves when the job is stored. Throws TransientError when the store does not answer. */
  add(data: Data, options?: JobOptions): Promise<void>;
  /** Registers the one handler of this queue; it starts when the application has. `concurrency` (default 1) is per process. */
  process(handler: JobHandler<Data>, options?: { concurrency?: number }): void;
  /**
   * Runs the handler with `data` every `intervalMs`, once for all replicas, the first time soon after the call. The
   * same id again replaces interval and data. Goes on after the store was lost, as long as one process lives that asked for it.
   */
  every(id: string, intervalMs: number, data: Data): Promise<void>;
  /** Removes the waiting job with this id, or ends what `every` began. A job that is already running is not interrupted. */
  cancel(jobId: string): Promise<void>;
}

/** Longest pause between two attempts. */
export const MAX_BACKOFF_MS = 15 * 60_000;

/** Pause after failed attempt number `attempt`: exponential, bounded. */
export function backoffAfter(attempt: number, backoffMs: number): number {
  return Math.min(backoffMs * 2 ** Math.min(attempt - 1, 30), MAX_BACKOFF_MS);
}
