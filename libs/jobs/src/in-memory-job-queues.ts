import { isRetryable, messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import { type JobEnvelope, runSealed, seal, sealWithoutStory } from './envelope.ts';
import { backoffAfter, JobQueues, type JobHandler, type JobOptions, type JobQueue } from './job-queues.ts';

interface MemoryJob<Data> {
  id: string;
  envelope: JobEnvelope<Data>;
  attempt: number;
  attempts: number;
  backoffMs: number;
  timer?: NodeJS.Timeout;
  due: boolean;
}

class InMemoryJobQueue<Data> implements JobQueue<Data> {
  private readonly jobs = new Map<string, MemoryJob<Data>>();
  private readonly intervals = new Map<string, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private handler: { run: JobHandler<Data>; concurrency: number } | null = null;
  private closed = false;
  private counter = 0;

  constructor(private readonly name: string) {}

  async add(data: Data, options: JobOptions = {}): Promise<void> {
    this.insert(seal(data), options);
  }

  process(run: JobHandler<Data>, options: { concurrency?: number } = {}): void {
    if (this.handler !== null) throw new Error(`queue ${this.name} has a handler already`);
    this.handler = { run, concurrency: options.concurrency ?? 1 };
    setImmediate(() => this.drain());
  }

  async every(id: string, intervalMs: number, data: Data): Promise<void> {
    clearInterval(this.intervals.get(id));
    const tick = () => this.insert(sealWithoutStory(data), { jobId: id });
    this.intervals.set(id, setInterval(tick, intervalMs));
    tick();
  }

  async cancel(jobId: string): Promise<void> {
    clearInterval(this.intervals.get(jobId));
    this.intervals.delete(jobId);
    const job = this.jobs.get(jobId);
    if (job === undefined) return;
    clearTimeout(job.timer);
    this.jobs.delete(jobId);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.intervals.values()) clearInterval(timer);
    for (const job of this.jobs.values()) clearTimeout(job.timer);
    await Promise.all(this.running);
  }

  private insert(envelope: JobEnvelope<Data>, options: JobOptions): void {
    const id = options.jobId ?? `${this.name}-${++this.counter}`;
    if (this.closed || this.jobs.has(id)) return;
    const { attempts = 1, backoffMs = 1_000, delayMs = 0 } = options;
    const stored = JSON.parse(JSON.stringify(envelope)) as JobEnvelope<Data>;
    const job = { id, envelope: stored, attempt: 1, attempts, backoffMs, due: false };
    this.jobs.set(id, job);
    this.wakeAfter(job, delayMs);
  }

  private wakeAfter(job: MemoryJob<Data>, delayMs: number): void {
    job.timer = setTimeout(() => {
      job.due = true;
      this.drain();
    }, delayMs);
  }

  private drain(): void {
    if (this.handler === null) return;
    for (const job of this.jobs.values()) {
      if (this.closed || this.running.size >= this.handler.concurrency) return;
      if (!job.due) continue;
      job.due = false;
      const run: Promise<void> = this.run(job, this.handler.run).finally(() => {
        this.running.delete(run);
        this.drain();
      });
      this.running.add(run);
    }
  }

  private async run(job: MemoryJob<Data>, handler: JobHandler<Data>): Promise<void> {
    const lastAttempt = job.attempt >= job.attempts;
    try {
      await runSealed(this.name, job.envelope, () =>
        handler(job.envelope.data, { id: job.id, attempt: job.attempt, lastAttempt }),
      );
    } catch (error) {
      if (!lastAttempt && isRetryable(error) && !this.closed) {
        this.wakeAfter(job, backoffAfter(job.attempt, job.backoffMs));
        job.attempt += 1;
        return;
      }
      logger('jobs').error({ queue: this.name, job: job.id, error: messageOf(error) }, 'a job failed for good');
    }
    this.jobs.delete(job.id);
  }
}

/** For tests of what uses queues: same behaviour, nothing survives the process. Handlers run as soon as they are registered. */
export class InMemoryJobQueues extends JobQueues {
  private readonly queues = new Map<string, InMemoryJobQueue<unknown>>();

  queue<Data>(name: string): JobQueue<Data> {
    let queue = this.queues.get(name);
    if (queue === undefined) this.queues.set(name, (queue = new InMemoryJobQueue<unknown>(name)));
    return queue as JobQueue<unknown> as JobQueue<Data>;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
