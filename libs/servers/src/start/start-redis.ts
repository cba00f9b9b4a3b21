import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../port.ts';
import type { Installation, OnProgress } from '../server.ts';
import { ask } from './ask.ts';
import { startPrivateChild, untilReady, type RunningServer } from './private-child.ts';

export interface StartRedisOptions {
  readonly installation: Installation;
  readonly dir: string;
  readonly logFile?: string;
  readonly port?: number;
  /** Keep data over a restart (append-only file); true by default. */
  readonly durable?: boolean;
  readonly onProgress?: OnProgress;
}

export interface RunningRedis extends RunningServer {
  readonly port: number;
  readonly url: string;
}

export async function startRedis(options: StartRedisOptions): Promise<RunningRedis> {
  const { installation, dir, onProgress } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(dir, { recursive: true });
  onProgress?.({ server: 'redis', step: 'start', message: `starting Redis ${installation.version} on port ${port}` });
  const process = startPrivateChild({
    server: 'redis',
    command: installation.binary,
    // BullMQ loses jobs under any eviction policy but noeviction.
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--daemonize', 'no', '--save', ''],
      ...['--appendonly', options.durable === false ? 'no' : 'yes', '--maxmemory-policy', 'noeviction'],
    ],
    env: installation.env,
    cwd: dir,
    logFile: options.logFile ?? join(dir, 'redis.log'),
    stopSignal: 'SIGTERM',
  });
  // While it loads its data it answers -LOADING.
  await untilReady(
    process,
    async () => (await ask({ port }, 'PING\r\n', /^[+-][^\r]*\r\n/))?.startsWith('+PONG') === true,
  );
  onProgress?.({ server: 'redis', step: 'ready', message: `Redis listens on 127.0.0.1:${port}` });
  return { ...process, port, url: `redis://127.0.0.1:${port}` };
}
