import { describe } from '@jest/globals';
import { usePostgres, useRedis } from '@gitway/testing';
import { Client } from 'pg';
import { Redis } from 'ioredis';
import { BullmqJobQueues, type JobQueuesOptions } from './bullmq-job-queues.ts';
import { JOBS_SCHEMA } from './store.ts';
import { describeJobQueues } from './testing/conformance.ts';
import { describeDurableStore } from './testing/durable.ts';

function open(options: JobQueuesOptions): BullmqJobQueues {
  const queues = new BullmqJobQueues(options);
  queues.start();
  return queues;
}

const common = { prefix: 'gitway-test', lockMs: 1_000 };

describe('job queues in Postgres', () => {
  const postgres = usePostgres();

  describe('promises of every store', () => {
    describeJobQueues({ open: async () => open({ ...common, databaseUrl: postgres.url() }) });
  });

  describe('outages and several processes', () => {
    describeDurableStore(() => ({
      server: addressOf(postgres.url(), 5432),
      open: (port) => new BullmqJobQueues({ ...common, databaseUrl: through(postgres.url(), port) }),
      async wipe() {
        const client = new Client(postgres.url());
        await client.connect();
        await client.query(`TRUNCATE ${JOBS_SCHEMA}.job, ${JOBS_SCHEMA}.scheduler CASCADE`);
        await client.end();
      },
      async restart() {
        await postgres.kill();
        await postgres.restart();
      },
    }));
  });
});

describe('job queues in Redis', () => {
  const redis = useRedis();
  const databaseUrl = 'postgres://nobody@127.0.0.1:1/unused';

  describe('promises of every store', () => {
    describeJobQueues({ open: async () => open({ ...common, databaseUrl, redisUrl: redis.url() }) });
  });

  describe('outages and several processes', () => {
    describeDurableStore(() => ({
      server: addressOf(redis.url(), 6379),
      open: (port) => new BullmqJobQueues({ ...common, databaseUrl, redisUrl: through(redis.url(), port) }),
      async wipe() {
        const client = new Redis(redis.url());
        await client.flushall();
        client.disconnect();
      },
      async restart() {
        await redis.kill();
        await redis.restart();
      },
    }));
  });
});

function addressOf(url: string, defaultPort: number): { host: string; port: number } {
  const parsed = new URL(url);
  return { host: parsed.hostname, port: Number(parsed.port || defaultPort) };
}

/** The same server, reached through a port of the loopback interface. */
function through(url: string, port: number): string {
  const parsed = new URL(url);
  parsed.hostname = '127.0.0.1';
  parsed.port = String(port);
  return parsed.href;
}
