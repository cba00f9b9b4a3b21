import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../port.ts';
import type { Installation, OnProgress } from '../server.ts';
import { ask } from './ask.ts';
import { startPrivateChild, untilReady, type RunningServer } from './private-child.ts';

export interface StartNatsOptions {
  readonly installation: Installation;
  /** Holds `nats.conf` and the JetStream store. */
  readonly dir: string;
  readonly logFile?: string;
  /** A free one by default. */
  readonly port?: number;
  /**
   * Appended to the configuration: authorization, accounts, max_payload. Not `listen`, `port` or `jetstream`, which
   * are set here.
   */
  readonly configText?: string;
  readonly onProgress?: OnProgress;
}

export interface RunningNats extends RunningServer {
  readonly port: number;
  /** `nats://127.0.0.1:<port>`, without a user. */
  readonly url: string;
}

export async function startNats(options: StartNatsOptions): Promise<RunningNats> {
  const { installation, dir, onProgress } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(dir, { recursive: true });
  const config = join(dir, 'nats.conf');
  writeFileSync(config, natsConfig(port, join(dir, 'jetstream'), options.configText), { mode: 0o600 });
  onProgress?.({
    server: 'nats',
    step: 'start',
    message: `starting nats-server ${installation.version} on port ${port}`,
  });
  const process = startPrivateChild({
    server: 'nats',
    command: installation.binary,
    args: ['-c', config],
    env: installation.env,
    cwd: dir,
    logFile: options.logFile ?? join(dir, 'nats.log'),
    stopSignal: 'SIGTERM',
  });
  // The client port opens after JetStream has recovered its streams; the server speaks first.
  await untilReady(
    process,
    async () => (await ask({ port }, '', /^INFO .*"jetstream":\s*true.*\r\n/)) !== null,
    60_000,
  );
  onProgress?.({ server: 'nats', step: 'ready', message: `nats-server listens on 127.0.0.1:${port}` });
  return { ...process, port, url: `nats://127.0.0.1:${port}` };
}

/** The configuration file; strings are JSON, which NATS reads. */
export function natsConfig(port: number, storeDir: string, configText = ''): string {
  return [
    `listen: ${JSON.stringify(`127.0.0.1:${port}`)}`,
    `jetstream { store_dir: ${JSON.stringify(storeDir)} }`,
    configText,
    '',
  ].join('\n');
}
