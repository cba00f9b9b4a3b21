import { afterAll, beforeAll } from '@jest/globals';
import { backend } from './backends/backend.ts';
import type { TestServer } from './backends/test-server.ts';
import { setUpTimeoutMs } from './timeouts.ts';

export interface TestRedis {
  url(): string;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** A Redis for this suite; keeps its data over a restart. */
export function useRedis(): TestRedis {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await (await backend()).redis();
  }, setUpTimeoutMs);
  afterAll(() => server?.remove(), setUpTimeoutMs);
  const running = () => {
    if (server === undefined) throw new Error('useRedis() is ready only while tests run');
    return server;
  };
  return { url: () => running().url, kill: () => running().kill(), restart: () => running().restart() };
}
