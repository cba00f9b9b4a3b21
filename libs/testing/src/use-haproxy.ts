import { afterAll, beforeAll } from '@jest/globals';
import { startHaproxy, type Installation, type RunningHaproxy } from '@gitway/servers';
import { testInstallation } from './backends/local-backend.ts';
import { setUpTimeoutMs } from './timeouts.ts';

export interface TestHaproxy {
  installation(): Installation;
  /** Path of the program. */
  binary(): string;
  /** Starts it on `<dir>/haproxy.cfg` (see startHaproxy); stopped after the suite unless the spec did. */
  start(dir: string, env?: Readonly<Record<string, string>>): Promise<RunningHaproxy>;
}

/** HAProxy for this suite, always a process of this machine: the agent needs its files and sockets. */
export function useHaproxy(): TestHaproxy {
  let installation: Installation | undefined;
  const started: RunningHaproxy[] = [];
  beforeAll(async () => {
    installation = await testInstallation('haproxy');
  }, setUpTimeoutMs);
  afterAll(() => Promise.all(started.map((server) => server.stop())), setUpTimeoutMs);
  const found = () => {
    if (installation === undefined) throw new Error('useHaproxy() is ready only while tests run');
    return installation;
  };
  return {
    installation: found,
    binary: () => found().binary,
    start: async (dir, env = {}) => {
      const server = await startHaproxy({ installation: found(), dir, env });
      started.push(server);
      return server;
    },
  };
}
