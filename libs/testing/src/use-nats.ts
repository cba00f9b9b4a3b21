import { afterAll, beforeAll } from '@jest/globals';
import { backend } from './backends/backend.ts';
import type { TestServer } from './backends/test-server.ts';
import { setUpTimeoutMs } from './timeouts.ts';

export interface TestNats {
  /** `nats://host:port`, without a user. */
  url(): string;
  kill(): Promise<void>;
  /** Same address, same streams. */
  restart(): Promise<void>;
}

export interface UseNatsOptions {
  /** Added to the server's configuration: authorization, accounts, limits. A function is called when the suite starts. */
  readonly configText?: string | (() => string);
}

/** A nats-server with JetStream for this suite. */
export function useNats(options: UseNatsOptions = {}): TestNats {
  let server: TestServer | undefined;
  beforeAll(async () => {
    const { configText = '' } = options;
    server = await (await backend()).nats(typeof configText === 'function' ? configText() : configText);
  }, setUpTimeoutMs);
  afterAll(() => server?.remove(), setUpTimeoutMs);
  const running = () => {
    if (server === undefined) throw new Error('useNats() is ready only while tests run');
    return server;
  };
  return { url: () => running().url, kill: () => running().kill(), restart: () => running().restart() };
}
