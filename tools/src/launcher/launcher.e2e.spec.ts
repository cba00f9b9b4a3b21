import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { programs, removeServerData } from '@gitway/servers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../client/traffic.ts';
import { repositoryRoot } from '../repository-root.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../supervisor/process-identity.ts';

/** What a machine has that was never prepared: Node, git, a shell, coreutils and the system's own package tools. */
const tools = [
  ...[
    'node',
    'git',
    'sh',
    'env',
    'cat',
    'cp',
    'ls',
    'mkdir',
    'mv',
    'rm',
    'ln',
    'dirname',
    'basename',
    'chmod',
    'id',
    'uname',
  ],
  ...['tar', 'xz', 'gzip', 'sed', 'grep', 'apt-get', 'apt-cache', 'dpkg', 'dpkg-deb', 'brew'],
];
const serverPrograms = ['postgres', 'nats-server', 'haproxy', 'redis-server', 'valkey-server'];

interface Ready {
  readonly tookMs: number;
  readonly firstPush: { commit: string; liveAfterMs: Record<string, number> };
  readonly urls: { console: string; clone: string; gateways: Record<string, string> };
}

let folder: string;
let state: string;
let path: string;
let running: Launcher | null = null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitway-launcher-'));
  state = join(folder, 'state');
  path = join(folder, 'bin');
  mkdirSync(path);
  for (const tool of tools) {
    const found = (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((directory) => join(directory, tool))
      .find((file) => existsSync(file));
    if (found !== undefined) symlinkSync(tool === 'node' ? process.execPath : found, join(path, tool));
  }
});

afterAll(async () => {
  running?.child.kill('SIGKILL');
  await running?.exited;
  removeServerData(join(state, 'data', 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

class Launcher {
  stderr = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly ready: Promise<Ready>;

  constructor() {
    const args = ['start', '--json', '--dir', state, '--cache', join(folder, 'cache')];
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: path };
    for (const name of ['POSTGRES_URL', 'NATS_URL', 'REDIS_URL', 'GITWAY_HAPROXY_BIN', 'NODE_OPTIONS'])
      delete env[name];
    this.child = spawn(process.execPath, [join(repositoryRoot, 'tools', 'dist', 'main.js'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString('utf8')));
    let stdout = '';
    this.ready = new Promise((resolve, reject) => {
      this.child.stdout?.on('data', (chunk: Buffer) => {
        stdout += chunk.toString('utf8');
        const line = /^(\{"ready":true.*\})\n/m.exec(stdout)?.[1];
        if (line !== undefined) resolve(JSON.parse(line) as Ready);
      });
      void this.exited.then((code) => reject(new Error(`the launcher ended with ${code}:\n${this.stderr}`)));
    });
    this.ready.catch(() => {});
  }
}

function children(): ProcessIdentity[] {
  const { processes } = JSON.parse(readFileSync(join(state, 'platform.json'), 'utf8')) as {
    processes: Record<string, number>;
  };
  return Object.values(processes).map((pid) => identityOf(pid));
}

async function untilGone(identities: readonly ProcessIdentity[]): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (identities.some(isRunning)) {
    if (Date.now() > deadline)
      throw new Error(
        `still running: ${identities
          .filter(isRunning)
          .map(({ pid }) => pid)
          .join(', ')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The API that asks for a key answers through every gateway. */
async function assertServes({ urls }: Ready): Promise<void> {
  const key = readFileSync(join(state, 'demo-key'), 'utf8').trim();
  for (const url of Object.values(urls.gateways)) {
    expect(await call({ url, path: '/pictures/apod', headers: { 'x-api-key': key } })).toMatchObject({ status: 200 });
    expect(await call({ url, path: '/pictures/apod' })).toMatchObject({ status: 401 });
  }
}

describe('npm start on a machine without any server', () => {
  let first: Ready;

  it('finds none on the PATH, fetches them, and brings the example live', async () => {
    expect(serverPrograms.filter((name) => existsSync(join(path, name)))).toEqual([]);
    running = new Launcher();
    first = await running.ready;
    // PostgreSQL may lie in the installed npm packages; the others have to be fetched, and the start says why.
    for (const server of ['nats', 'haproxy'] as const) {
      expect(running.stderr).toContain(`${programs[server].title} is not here: PATH`);
    }
    expect(Object.keys(first.firstPush.liveAfterMs)).toEqual(['staging', 'production']);
    await assertServes(first);
  }, 300_000);

  it('lets no second one run from the same state, and says where the first is', async () => {
    const second = new Launcher();
    expect(await second.exited).not.toBe(0);
    expect(second.stderr).toContain(`process ${running?.child.pid}`);
  }, 30_000);

  it('stops everything when it is asked to', async () => {
    const identities = children();
    expect(identities.length).toBeGreaterThan(10);
    running?.child.kill('SIGINT');
    expect(await running?.exited).toBe(0);
    await untilGone(identities);
    expect(existsSync(join(state, 'platform.json'))).toBe(false);
    // In order: each service ended its work, then the servers went down as asked and not by force.
    const log = (name: string) => readFileSync(join(state, 'logs', `${name}.log`), 'utf8');
    for (const name of ['validator', 'deployer', 'console', 'agent-staging-edge']) {
      expect(log(name)).toContain('"msg":"stopping"');
      expect(log(name)).not.toContain('lost the connection to NATS');
    }
    expect(log('postgres')).toContain('database system is shut down');
  }, 60_000);

  it('starts again within seconds, with the same ports and everything it knew', async () => {
    running = new Launcher();
    const again = await running.ready;
    expect(running.stderr).not.toContain('is not here');
    expect(again.tookMs).toBeLessThan(20_000);
    expect({ urls: again.urls, firstPush: again.firstPush }).toEqual({ urls: first.urls, firstPush: first.firstPush });
    await assertServes(again);
  }, 60_000);

  it('leaves nothing running when it is killed, and starts again after that', async () => {
    const identities = children();
    running?.child.kill('SIGKILL');
    await running?.exited;
    running = new Launcher();
    await assertServes(await running.ready);
    await untilGone(identities);
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
  }, 120_000);
});
