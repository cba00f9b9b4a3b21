import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  runMigrations,
  Worker,
  type BackendFactory,
  type Processor,
  type WorkerOptions,
} from 'bullmq';
import { Client, Pool } from 'pg';
import { backoffAfter } from './job-queues.ts';

/**
 * Where BullMQ keeps its tables in the service's database; apart from the service's own, and migrated by BullMQ itself.
 * The name is BullMQ's own: with a pool that several queues share it takes no other.
 */
export const JOBS_SCHEMA = 'bullmq';

/** A worker listens on a connection of its own for ever; the others are for commands, and made when they are needed. */
const POOL_SIZE = 20;

export interface StoreOptions {
  /** The service's own database; jobs lie in schema `bullmq` of it unless `redisUrl` is given. */
  databaseUrl: string;
  /** Redis or Valkey in place of Postgres. */
  redisUrl?: string | undefined;
  /** Distinguishes services that share one Redis, as in `gitway-deployer`. */
  prefix: string;
  /** After this long without a sign of life from its process, a running job is given to another. Default 30,000. */
  lockMs?: number;
}

/** Makes BullMQ's classes for one of the two stores; everything that differs between them is here. */
export interface Store {
  /** Makes what has to be there before the first queue. Idempotent; throws while the store cannot be reached. */
  prepare(): Promise<void>;
  queue(name: string): Queue;
  worker(name: string, processor: Processor, concurrency: number): Worker;
  /** For when every queue is closed: nothing connects again from here on. */
  abandon(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;

export function openStore(options: StoreOptions): Store {
  const lockMs = options.lockMs ?? 30_000;
  const workerOptions = (concurrency: number) =>
    ({
      autorun: true,
      concurrency,
      prefix: options.prefix,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // A job that is given to another process this often kills what runs it; the sweep of its service decides.
      maxStalledCount: 3,
      // How long a lost store keeps a worker from looking again.
      runRetryDelay: 1_000,
      settings: { backoffStrategy: (attempt, _type, _error, job) => backoffAfter(attempt, backoffOf(job)) },
    }) satisfies Omit<WorkerOptions, 'connection'>;
  return options.redisUrl === undefined
    ? postgresStore(options.databaseUrl, workerOptions)
    : redisStore(options.redisUrl, options.prefix, workerOptions);
}

type CommonWorkerOptions = Omit<WorkerOptions, 'connection'>;

function postgresStore(databaseUrl: string, workerOptions: (concurrency: number) => CommonWorkerOptions): Store {
  const pool = new Pool({
    connectionString: databaseUrl,
    options: `-c search_path=${JOBS_SCHEMA}`,
    max: POOL_SIZE,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.setMaxListeners(0); // Each queue and worker adds one.
  pool.on('error', () => {}); // An idle connection that dropped; the pool makes another one.
  const connection = pool as never;
  // BullMQ types its classes by backend; queues of either store are used alike, so the type of one stands for both.
  const backend = createPostgresBackend as unknown as BackendFactory<never, never>;
  return {
    abandon: () => pool.end(),
    async prepare() {
      const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
      client.on('error', () => {}); // The query that meets it rejects as well.
      await client.connect();
      try {
        await runMigrations(client, JOBS_SCHEMA);
      } finally {
        await client.end().catch(() => {});
      }
    },
    queue: (name) => new Queue(name, { connection }, backend) as unknown as Queue,
    worker: (name, processor, concurrency) =>
      new Worker(name, processor, { ...workerOptions(concurrency), connection }, backend) as unknown as Worker,
  };
}

function redisStore(
  redisUrl: string,
  prefix: string,
  workerOptions: (concurrency: number) => CommonWorkerOptions,
): Store {
  let abandoned = false;
  const connection = {
    url: redisUrl,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times: number) => (abandoned ? null : Math.min(100 * times, 2_000)),
  };
  return {
    prepare: async () => {},
    async abandon() {
      abandoned = true;
    },
    // Who adds a job learns within seconds that Redis is away; a worker waits for it as long as it takes.
    queue: (name) =>
      new Queue(name, { connection: { ...connection, maxRetriesPerRequest: 5 }, prefix }, createRedisBackend),
    worker: (name, processor, concurrency) =>
      new Worker(
        name,
        processor,
        { ...workerOptions(concurrency), connection: { ...connection, maxRetriesPerRequest: null } },
        createRedisBackend,
      ),
  };
}

const backoffOf = (job: unknown): number => {
  const backoff = (job as { opts?: { backoff?: unknown } } | undefined)?.opts?.backoff;
  if (typeof backoff === 'number') return backoff;
  return (backoff as { delay?: number } | undefined)?.delay ?? 1_000;
};
