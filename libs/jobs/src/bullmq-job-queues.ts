import { logger } from '@gitway/observability';
import { BullmqJobQueue } from './bullmq-queue.ts';
import { JobQueues, type JobQueue } from './job-queues.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';
import { within } from './within.ts';

export type JobQueuesOptions = StoreOptions;

/** All queues of one process. Handlers run between `start` and `close`; jobs can be added before. */
export class BullmqJobQueues extends JobQueues {
  private readonly queues = new Map<string, BullmqJobQueue<unknown>>();
  private readonly store: Store;
  private readonly log = logger('jobs');
  private preparing: Promise<void> | null = null;
  private abandoning: Promise<void> | null = null;
  private started = false;

  constructor(options: JobQueuesOptions) {
    super();
    this.store = openStore(options);
  }

  queue<Data>(name: string): JobQueue<Data> {
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) throw new Error(`${name} is no name for a queue: use kebab-case`);
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = new BullmqJobQueue<unknown>(name, this.store, () => this.prepare(), this.log);
      this.queues.set(name, queue);
      if (this.started) queue.start();
    }
    return queue as JobQueue<unknown> as JobQueue<Data>;
  }

  start(): void {
    this.started = true;
    for (const queue of this.queues.values()) queue.start();
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.abandoned();
  }

  private abandoned(): Promise<void> {
    // A connection that a stuck worker holds is not waited for: the process is about to end.
    this.abandoning ??= within(this.store.abandon(), 2_000).catch(() => {});
    return this.abandoning;
  }

  /** Once it has succeeded it is not done again; a failure is forgotten, so that the next caller tries. */
  private prepare(): Promise<void> {
    this.preparing ??= this.store.prepare().catch((error: unknown) => {
      this.preparing = null;
      throw error;
    });
    return this.preparing;
  }
}
