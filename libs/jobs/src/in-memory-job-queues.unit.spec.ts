import { describe } from '@jest/globals';
import { InMemoryJobQueues } from './in-memory-job-queues.ts';
import { describeJobQueues } from './testing/conformance.ts';

describe('job queues in memory', () => {
  describeJobQueues({ open: async () => new InMemoryJobQueues() });
});
