import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '@gitway/errors';
import type { Installation, OnProgress } from '../server.ts';
import { ask } from './ask.ts';
import { startPrivateChild, untilReady, type RunningServer } from './private-child.ts';

export interface StartHaproxyOptions {
  readonly installation: Installation;
  /** Its working directory: `haproxy.cfg` must be there; sockets, `access.log` and `haproxy.log` appear. */
  readonly dir: string;
  /** Environment variables that its configuration reads. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: OnProgress;
}

export interface RunningHaproxy extends RunningServer {
  readonly masterSocket: string;
  /** Everything that HAProxy's configuration logs to `stdout`. */
  readonly accessLog: string;
}

/** Longest path that HAProxy takes for a UNIX socket (it appends a suffix while binding). */
const maxSocketPath = 97;

/** Starts HAProxy in master–worker mode; ready when its master reports a worker. */
export async function startHaproxy(options: StartHaproxyOptions): Promise<RunningHaproxy> {
  const { installation, dir, onProgress } = options;
  const masterSocket = join(dir, 'master.sock');
  const accessLog = join(dir, 'access.log');
  if (Buffer.byteLength(masterSocket) > maxSocketPath)
    throw new InvalidInputError(
      'haproxy-path-too-long',
      `${masterSocket} is longer than the ${maxSocketPath} bytes that HAProxy takes for a socket; use a shorter folder.`,
    );
  if (!existsSync(join(dir, 'haproxy.cfg')))
    throw new InvalidInputError('haproxy-config-missing', `${join(dir, 'haproxy.cfg')} is not there; write it first.`);
  onProgress?.({ server: 'haproxy', step: 'start', message: `starting HAProxy ${installation.version} in ${dir}` });
  const process = startPrivateChild({
    server: 'haproxy',
    command: installation.binary,
    args: ['-W', '-S', masterSocket, '-f', join(dir, 'haproxy.cfg')],
    env: { ...installation.env, ...options.env },
    cwd: dir,
    logFile: join(dir, 'haproxy.log'),
    stdoutFile: accessLog,
    stopSignal: 'SIGTERM',
  });
  await untilReady(
    process,
    async () => (await ask({ path: masterSocket }, 'show proc\n', /^\d+\s+worker\s/m)) !== null,
  );
  onProgress?.({ server: 'haproxy', step: 'ready', message: `HAProxy runs in ${dir}` });
  return { ...process, masterSocket, accessLog };
}
