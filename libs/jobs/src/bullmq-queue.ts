import { type Job, type Queue, UnrecoverableError, type Worker } from 'bullmq';
import { isRetryable, messageOf, TransientError } from '@gitway/errors';
import type { Logger } from '@gitway/observability';
import { type JobEnvelope, runSealed, seal, sealWithoutStory } from './envelope.ts';
import type { JobHandler, JobOptions, JobQueue } from './job-queues.ts';
import { decodeId, encodeId, jobIdOf } from './ids.ts';
import type { Store } from './store.ts';
import { within } from './within.ts';

/** How long one command to the store may take before its caller is told that the store does not answer. */
const COMMAND_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 5_000;
const RESTART_PAUSE_MS = 1_000;

/**
 * One queue over BullMQ. What BullMQ leaves open is closed here: a worker that could not start, or that stopped, is
 * made anew; a schedule that the store has lost is put back; errors of connections are logged and never thrown.
 */
export class BullmqJobQueue<Data> implements JobQueue<Data> {
  private queue: Queue | null = null;
  private opening: Promise<Queue> | null = null;
  private handler: { run: JobHandler<Data>; concurrency: number } | null = null;
  private readonly schedules = new Map<string, { intervalMs: number; data: Data; timer: NodeJS.Timeout }>();
  private started = false;
  private closing = false;
  private workerLoop: Promise<void> | null = null;
  private wakeWorkerLoop: () => void = () => {};

  constructor(
    private readonly name: string,
    private readonly store: Store,
    private readonly prepared: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  async add(data: Data, options: JobOptions = {}): Promise<void> {
    await this.command((queue) =>
      queue.add(this.name, seal(data), {
        ...(options.jobId === undefined ? {} : { jobId: encodeId(options.jobId) }),
        delay: options.delayMs ?? 0,
        attempts: options.attempts ?? 1,
        backoff: { type: 'bounded', delay: options.backoffMs ?? 1_000 },
        removeOnComplete: true,
        removeOnFail: true,
        stackTraceLimit: 1,
      }),
    );
  }

  process(run: JobHandler<Data>, options: { concurrency?: number } = {}): void {
    if (this.handler !== null) throw new Error(`queue ${this.name} has a handler already`);
    this.handler = { run, concurrency: options.concurrency ?? 1 };
    if (this.started) this.workerLoop = this.keepWorking();
  }

  async every(id: string, intervalMs: number, data: Data): Promise<void> {
    clearInterval(this.schedules.get(id)?.timer);
    await this.schedule(id, intervalMs, data);
    const watch = () => {
      this.restoreSchedule(id).catch((error: unknown) =>
        this.log.warn({ queue: this.name, schedule: id, error: messageOf(error) }, 'the schedule could not be checked'),
      );
    };
    // Overdue by more than two intervals means that nobody will make the next run any more.
    const timer = setInterval(watch, Math.max(intervalMs * 2, 1_000));
    timer.unref();
    this.schedules.set(id, { intervalMs, data, timer });
  }

  async cancel(jobId: string): Promise<void> {
    clearInterval(this.schedules.get(jobId)?.timer);
    this.schedules.delete(jobId);
    await this.command(async (queue) => {
      await queue.removeJobScheduler(encodeId(jobId));
      await queue.remove(encodeId(jobId));
    });
  }

  start(): void {
    this.started = true;
    if (this.handler !== null && this.workerLoop === null) this.workerLoop = this.keepWorking();
  }

  /** Lets running handlers end (bounded), takes no further job. */
  async close(): Promise<void> {
    this.closing = true;
    for (const { timer } of this.schedules.values()) clearInterval(timer);
    this.wakeWorkerLoop();
    await this.workerLoop;
    const queue = this.queue ?? (await this.opening?.catch(() => null));
    if (queue) await within(queue.close(), CLOSE_TIMEOUT_MS).catch(() => {});
  }

  private async restoreSchedule(id: string): Promise<void> {
    const schedule = this.schedules.get(id);
    if (schedule === undefined || this.closing) return;
    const stored = await this.command((queue) => queue.getJobScheduler(encodeId(id)));
    const next = stored?.next;
    if (next !== undefined && Date.now() - next < 2 * schedule.intervalMs) return;
    this.log.warn({ queue: this.name, schedule: id }, 'the store had lost a schedule; it is put back');
    await this.schedule(id, schedule.intervalMs, schedule.data);
  }

  private async schedule(id: string, intervalMs: number, data: Data): Promise<void> {
    await this.command((queue) =>
      queue.upsertJobScheduler(
        encodeId(id),
        { every: intervalMs },
        {
          name: this.name,
          data: sealWithoutStory(data),
          opts: { attempts: 1, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 1 },
        },
      ),
    );
  }

  private async command<T>(work: (queue: Queue) => Promise<T>): Promise<T> {
    if (this.closing) throw new TransientError('jobs-closing', `queue ${this.name} is closing`);
    try {
      return await within(this.open().then(work), COMMAND_TIMEOUT_MS);
    } catch (error) {
      throw new TransientError('jobs-unavailable', `queue ${this.name}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** BullMQ remembers a connection that failed at the first try for ever, so a queue counts only once it is ready. */
  private async open(): Promise<Queue> {
    if (this.queue !== null) return this.queue;
    this.opening ??= (async () => {
      await this.prepared();
      const queue = this.store.queue(this.name);
      queue.on('error', (error) => this.logError('the queue lost its store', error));
      try {
        await queue.waitUntilReady();
      } catch (error) {
        await queue.close().catch(() => {});
        throw error;
      }
      this.queue = queue;
      return queue;
    })().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async keepWorking(): Promise<void> {
    while (!this.closing) {
      try {
        await this.prepared();
        await this.work();
      } catch (error) {
        this.logError('the worker could not start', error);
      }
      if (!this.closing) await this.pause(RESTART_PAUSE_MS);
    }
  }

  /** Runs one BullMQ worker until it stops by itself or the queue closes. */
  private async work(): Promise<void> {
    const worker = this.store.worker(this.name, (job: Job) => this.handle(job), this.handler!.concurrency);
    worker.on('error', (error) => this.logError('the worker lost its store', error));
    worker.on('failed', (job, error) => {
      if (job === undefined) return;
      const last = job.attemptsMade >= (job.opts.attempts ?? 1) || error instanceof UnrecoverableError;
      const fields = { queue: this.name, job: decodeId(job.id ?? ''), attempt: job.attemptsMade, error: error.message };
      if (last) this.log.error(fields, 'a job failed for good');
      else this.log.warn(fields, 'a job failed and will be tried again');
    });
    try {
      await worker.waitUntilReady();
      while (!this.closing && worker.isRunning()) await this.pause(RESTART_PAUSE_MS);
    } finally {
      await within(worker.close(), CLOSE_TIMEOUT_MS).catch(() => abandon(worker));
    }
  }

  private async handle(job: Job): Promise<void> {
    const envelope = job.data as JobEnvelope<Data>;
    const attempt = job.attemptsMade + 1;
    const context = { id: jobIdOf(job), attempt, lastAttempt: attempt >= (job.opts.attempts ?? 1) };
    try {
      await runSealed(this.name, envelope, () => this.handler!.run(envelope.data, context));
    } catch (error) {
      if (!isRetryable(error)) throw new UnrecoverableError(messageOf(error));
      throw error;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeWorkerLoop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private lastErrorAt = 0;

  /** A lost store fails many commands at once; one line a second says enough. */
  private logError(what: string, error: unknown): void {
    const now = Date.now();
    if (this.closing || now - this.lastErrorAt < 1_000) return;
    this.lastErrorAt = now;
    this.log.warn({ queue: this.name, error: messageOf(error) }, what);
  }
}

/**
 * A worker that is closed while its connection is being made anew waits for ever (BullMQ awaits an `end` that ioredis
 * does not emit then). What keeps the process alive is taken from it; the lock of the job that it holds runs out, and
 * another process takes the job.
 */
async function abandon(worker: Worker): Promise<void> {
  const { lockManager } = worker as unknown as { lockManager: { close(): Promise<void> } };
  await Promise.allSettled([lockManager.close(), within(worker.getBackend().close(true), 1_000)]);
}
