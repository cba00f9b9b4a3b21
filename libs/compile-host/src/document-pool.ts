import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import {
  compareDocuments,
  type ComparisonJob,
  type DocumentChanges,
  type DocumentJob,
  type DocumentReader,
  type DocumentReading,
  type Excess,
  type OpenedFile,
  readDocument,
  refuseDocument,
} from '@gitway/compiler';
import { Piscina } from 'piscina';
import { Gate } from './gate.ts';
import { Stopwatch } from './stopwatch.ts';
import type { ComparisonTask, DocumentTask, Task } from './worker.ts';

export interface DocumentPoolOptions {
  /** Threads; as many as there are processors, at most eight, when not given. */
  readonly workers?: number;
  /** What one document may take. */
  readonly timeLimitMs: number;
  readonly memoryLimitMb: number;
}

/** What reading takes less time for than sending: a thread of its own would only cost. */
const HERE_BYTES = 8_000;
const ANCHOR = '&'.charCodeAt(0);
const IDLE_MS = 30_000;

/**
 * Reads and compares documents in threads of their own, each within limits. A document that exceeds them is tried once more with
 * the machine to itself, since its neighbours or a busy moment may have been at fault, and then refused; the thread is
 * replaced and the other documents go on. What comes out is the same whatever the number of threads.
 */
export class DocumentPool implements DocumentReader {
  readonly parallel: number;
  readonly limits: string;
  readonly #pool: Piscina<Task, unknown>;
  readonly #options: DocumentPoolOptions;
  /** No more than there are threads: what waits inside the pool when a thread ends would wait for ever. */
  readonly #gate: Gate;

  constructor(options: DocumentPoolOptions) {
    const workers = options.workers ?? Math.min(8, availableParallelism());
    this.#options = options;
    this.parallel = workers + 1;
    this.#gate = new Gate(workers);
    this.limits = `${options.timeLimitMs}ms ${options.memoryLimitMb}MB`;
    this.#pool = new Piscina({
      filename: workerFile(),
      minThreads: 0,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_MS,
      // Nothing that a file holds can ask for the environment, and no thread loads what the process preloads.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.memoryLimitMb },
    });
  }

  async read(job: DocumentJob): Promise<DocumentReading> {
    if (isPlain(job)) return readDocument(job);
    const { path, settings } = job;
    const done = await this.#within(async (attempt) => {
      const bytes = copyOf(job.bytes);
      const task = { work: 'read' as const, path, bytes, settings };
      return attempt<DocumentReading>(task, (asked) => sent(job.open(asked)), [bytes.buffer]);
    });
    return typeof done === 'string' ? refuseDocument(path, done, this.#limitOf(done), this.limits) : done;
  }

  async compare(job: ComparisonJob): Promise<DocumentChanges> {
    const opened = new Map<string, Promise<OpenedFile>>();
    const open = (side: 'base' | 'revision', path: string) => {
      const asked = `${side}:${path}`;
      const file = opened.get(asked) ?? job[side].open(path);
      opened.set(asked, file);
      return file;
    };
    const roots = await Promise.all([open('base', job.base.root), open('revision', job.revision.root)]);
    if (roots.every((file) => !('bytes' in file) || isSmall(file.bytes))) {
      const side = (name: 'base' | 'revision') => ({
        root: job[name].root,
        open: async (path: string) => {
          const file = await open(name, path);
          if (path !== job[name].root && 'bytes' in file) throw new MoreFiles();
          return file;
        },
      });
      try {
        return await compareDocuments({ base: side('base'), revision: side('revision'), today: job.today });
      } catch (error) {
        if (!(error instanceof MoreFiles)) throw error;
      }
    }
    const task = { work: 'compare' as const, base: job.base.root, revision: job.revision.root, today: job.today };
    const answer = (asked: string) => {
      const [side] = asked.split(':', 1) as ['base' | 'revision'];
      return sent(open(side, asked.slice(side.length + 1)));
    };
    const done = await this.#within((attempt) => attempt<DocumentChanges>(task, answer, []));
    if (typeof done !== 'string') return done;
    return { notCompared: 'takes-too-much', limit: this.#limitOf(done), exceeds: this.limits };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Tries with others beside it, and then alone. */
  async #within<Done>(work: (attempt: Attempt) => Promise<Done | Excess>): Promise<Done | Excess> {
    const attempt: Attempt = (...given) => this.#attempt(...given);
    const first = await this.#gate.shared(() => work(attempt));
    return typeof first === 'string' ? this.#gate.alone(() => work(attempt)) : first;
  }

  async #attempt<Done>(
    task: DocumentTask | ComparisonTask,
    answer: (asked: string) => Promise<Sent>,
    transfer: readonly ArrayBuffer[],
  ): Promise<Done | Excess> {
    const { port1, port2 } = new MessageChannel();
    const stop = new AbortController();
    const clock = new Stopwatch(this.#options.timeLimitMs, () => stop.abort());
    let failure: { readonly error: unknown } | undefined;
    port1.on('message', (asked: string | null) => {
      if (asked === null) return clock.start();
      // The time that an answer takes to come is not the task's.
      clock.pause();
      answer(asked).then(
        (given) => {
          clock.start();
          return port1.postMessage(given.message, [...given.transfer]);
        },
        (error: unknown) => {
          failure = { error };
          stop.abort();
        },
      );
    });
    try {
      const transferList = [port2, ...transfer];
      return (await this.#pool.run({ ...task, port: port2 }, { transferList, signal: stop.signal })) as Done;
    } catch (error) {
      // Nothing is said of what could not be had: whoever asked may ask again.
      if (failure !== undefined) throw failure.error;
      if (stop.signal.aborted) return 'document-takes-too-long';
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'document-needs-too-much-memory';
      throw error;
    } finally {
      clock.end();
      port1.close();
    }
  }

  #limitOf(rule: Excess): string {
    const { timeLimitMs, memoryLimitMb } = this.#options;
    return rule === 'document-takes-too-long' ? `${timeLimitMs / 1_000} s` : `${memoryLimitMb} MB of memory`;
  }
}

type Attempt = <Done>(
  task: DocumentTask | ComparisonTask,
  answer: (asked: string) => Promise<Sent>,
  transfer: readonly ArrayBuffer[],
) => Promise<Done | Excess>;

/** An answer to a task, and what of it is given away rather than copied. */
interface Sent {
  readonly message: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

async function sent(opening: Promise<OpenedFile>): Promise<Sent> {
  const opened = await opening;
  if (!('bytes' in opened)) return { message: opened, transfer: [] };
  const bytes = copyOf(opened.bytes);
  return { message: { bytes }, transfer: [bytes.buffer] };
}

/** A document is more than its first file, and nobody knows how much more. */
class MoreFiles extends Error {}

/** What is sent is gone here, and the caller keeps what it gave. (`slice` of a Buffer copies nothing.) */
const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes);

/** With no anchors that could stand for more than is there. */
const isSmall = (bytes: Uint8Array) => bytes.byteLength <= HERE_BYTES && !bytes.includes(ANCHOR);

/** Small, and with nobody's own rules to run. */
const isPlain = ({ bytes, settings }: DocumentJob) => isSmall(bytes) && Object.keys(settings).length === 0;

/** A thread runs what was built, also where a test runs the sources. */
const workerFile = () =>
  new URL(import.meta.url.endsWith('.ts') ? '../dist/worker.js' : './worker.js', import.meta.url).href;
