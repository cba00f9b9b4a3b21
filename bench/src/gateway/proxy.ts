import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { findInstallation, type RunningHaproxy, startHaproxy } from '@gitway/servers';
import { defaultCacheDir } from '@gitway/tools';

/** A HAProxy and what its worker has used so far. */
export interface Proxy {
  readonly port: number;
  /** Processor time of the worker since its start, in seconds. */
  processorSeconds(): number;
  /** Resident memory of the worker, in MB. */
  memoryMb(): number;
  stop(): Promise<void>;
}

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

export async function startProxy(dir: string, port: number, files: ReadonlyMap<string, string>): Promise<Proxy> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  const installation = await findInstallation('haproxy', { cacheDir: defaultCacheDir });
  const haproxy = await startHaproxy({ installation, dir });
  const worker = await workerOf(haproxy);
  return {
    port,
    processorSeconds: () => {
      const stat = readFileSync(`/proc/${worker}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1]) / 1024,
    stop: () => haproxy.stop(),
  };
}

function workerOf({ masterSocket }: RunningHaproxy): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ path: masterSocket });
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.on('error', reject);
    socket.on('close', () => {
      const worker = /^(\d+)\s+worker\s/m.exec(text)?.[1];
      if (worker === undefined) reject(new Error('HAProxy has no worker'));
      else resolve(Number(worker));
    });
    socket.end('show proc\n');
  });
}

/** What every gateway is compared with: one listener, one backend, nothing looked at and nothing logged. */
export const bareConfig = (port: number, upstream: number): string =>
  [
    'global',
    '    nbthread 1',
    'defaults',
    '    mode http',
    '    timeout client 60s',
    '    timeout server 60s',
    '    timeout connect 5s',
    'frontend bare',
    `    bind 127.0.0.1:${port}`,
    '    default_backend upstream',
    'backend upstream',
    `    server one 127.0.0.1:${upstream}`,
    '',
  ].join('\n');

/** An upstream that costs as little as one can: a HAProxy that answers by itself. */
export const upstreamConfig = (port: number): string =>
  [
    'global',
    '    nbthread 1',
    'defaults',
    '    mode http',
    '    timeout client 600s',
    'frontend upstream',
    `    bind 127.0.0.1:${port}`,
    '    http-request return status 200 content-type text/plain string ok',
    '',
  ].join('\n');
