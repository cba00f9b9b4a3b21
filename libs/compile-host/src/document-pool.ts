import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import {
  type DocumentJob,
  type DocumentReader,
  type DocumentReading,
  type Excess,
  readDocument,
  refuseDocument,
} from '@gitway/compiler';
import { Piscina } from 'piscina';
import { Gate } from './gate.ts';
import { Stopwatch } from './stopwatch.ts';
import type { DocumentTask } from './worker.ts';

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
 * Reads documents in threads of their own, each within limits. A document that exceeds them is tried once more with
 * the machine to itself, since its neighbours or a busy moment may have been at fault, and then refused; the thread is
 * replaced and the other documents go on. What comes out is the same whatever the number of threads.
 */
export class DocumentPool implements DocumentReader {
  readonly parallel: number;
  readonly limits: string;
  readonly #pool: Piscina<DocumentTask, DocumentReading>;
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
    const first = await this.#gate.shared(() => this.#attempt(job));
    if (typeof first !== 'string') return first;
    const second = await this.#gate.alone(() => this.#attempt(job));
    return typeof second === 'string' ? this.#refusal(job.path, second) : second;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #attempt(job: DocumentJob): Promise<DocumentReading | Excess> {
    const { path, settings } = job;
    const bytes = copyOf(job.bytes);
    const { port1, port2 } = new MessageChannel();
    const stop = new AbortController();
    const clock = new Stopwatch(this.#options.timeLimitMs, () => stop.abort());
    let failure: { readonly error: unknown } | undefined;
    port1.on('message', (asked: string | null) => {
      if (asked === null) return clock.start();
      // The time that a file takes to come is not the document's.
      clock.pause();
      job.open(asked).then(
        (opened) => {
          clock.start();
          if (!('bytes' in opened)) return port1.postMessage(opened);
          const content = copyOf(opened.bytes);
          return port1.postMessage({ bytes: content }, [content.buffer]);
        },
        (error: unknown) => {
          failure = { error };
          stop.abort();
        },
      );
    });
    try {
      const transferList = [port2, bytes.buffer];
      return await this.#pool.run({ path, bytes, settings, port: port2 }, { transferList, signal: stop.signal });
    } catch (error) {
      // Nothing is said of a document whose files could not be had: whoever asked may ask again.
      if (failure !== undefined) throw failure.error;
      if (stop.signal.aborted) return 'document-takes-too-long';
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'document-needs-too-much-memory';
      throw error;
    } finally {
      clock.end();
      port1.close();
    }
  }

  #refusal(path: string, rule: Excess): DocumentReading {
    const { timeLimitMs, memoryLimitMb } = this.#options;
    const limit = rule === 'document-takes-too-long' ? `${timeLimitMs / 1_000} s` : `${memoryLimitMb} MB of memory`;
    return refuseDocument(path, rule, limit, this.limits);
  }
}

/** What is sent is gone here, and the caller keeps what it gave. (`slice` of a Buffer copies nothing.) */
const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes);

/** Small, with no anchors that could stand for more than is there, and nobody's own rules to run. */
const isPlain = ({ bytes, settings }: DocumentJob) =>
  bytes.byteLength <= HERE_BYTES && !bytes.includes(ANCHOR) && Object.keys(settings).length === 0;

/** A thread runs what was built, also where a test runs the sources. */
const workerFile = () =>
  new URL(import.meta.url.endsWith('.ts') ? '../dist/worker.js' : './worker.js', import.meta.url).href;
