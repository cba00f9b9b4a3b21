export { backoffAfter, JobQueues, MAX_BACKOFF_MS } from './job-queues.ts';
export type { JobContext, JobHandler, JobOptions, JobQueue } from './job-queues.ts';
export { BullmqJobQueues } from './bullmq-job-queues.ts';
export type { JobQueuesOptions } from './bullmq-job-queues.ts';
export { InMemoryJobQueues } from './in-memory-job-queues.ts';
export { JobsModule } from './jobs.module.ts';
export { JOBS_SCHEMA } from './store.ts';
