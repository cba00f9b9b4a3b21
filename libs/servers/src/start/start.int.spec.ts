import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { findInstallation } from '../find/find-server.ts';
import { freePort } from '../port.ts';
import type { Installation, ServerName } from '../server.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { createDatabase, dropDatabase } from './databases.ts';
import type { RunningServer } from './private-child.ts';
import { startHaproxy } from './start-haproxy.ts';
import { startNats } from './start-nats.ts';
import { startPostgres } from './start-postgres.ts';
import { startRedis } from './start-redis.ts';

const source = fileURLToPath(new URL('..', import.meta.url));
const cacheDir = join(source, '../../../.gitway/cache/servers');

describe('servers as private child processes', () => {
  const temp = tempFolder();
  const installations = {} as Record<ServerName, Installation>;
  const started: RunningServer[] = [];
  let count = 0;

  beforeAll(async () => {
    for (const server of ['postgres', 'nats', 'haproxy', 'redis'] as const)
      installations[server] = await findInstallation(server, { cacheDir });
  }, 240_000);
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop(2_000)));
  });

  const folder = () => {
    count += 1;
    return temp.path(`s${count}`);
  };
  const keep = <T extends RunningServer>(server: T): T => {
    started.push(server);
    return server;
  };
  const postgres = async (dir: string, password = 'secret') =>
    keep(
      await startPostgres({
        installation: installations.postgres,
        dataDir: join(dir, 'data'),
        logFile: join(dir, 'postgres.log'),
        password,
        durable: false,
      }),
    );
  const starts: Record<ServerName, (dir: string) => Promise<RunningServer & { port: number }>> = {
    postgres: (dir) => postgres(dir),
    nats: async (dir) => keep(await startNats({ installation: installations.nats, dir })),
    redis: async (dir) => keep(await startRedis({ installation: installations.redis, dir })),
    haproxy: async (dir) => {
      const port = await freePort();
      mkdirSync(dir, { recursive: true });
      writeFileSync(
        join(dir, 'haproxy.cfg'),
        `global\n  log stdout format raw local0\ndefaults\n  log global\n  option httplog\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\n` +
          `frontend front\n  bind 127.0.0.1:${port}\n  http-request return status 204\n`,
      );
      return { ...keep(await startHaproxy({ installation: installations.haproxy, dir })), port };
    },
  };

  const servers = ['postgres', 'nats', 'haproxy', 'redis'] as const;

  it.each(servers)('%s: a crash is reported with its log, a stop is expected', async (server) => {
    const dir = folder();
    const crashed = await starts[server](dir);
    crashed.kill('SIGKILL');
    expect(await crashed.exited).toMatchObject({ signal: 'SIGKILL', expected: false, logFile: crashed.logFile });
    expect(existsSync(crashed.logFile)).toBe(true);

    const stopped = await starts[server](folder());
    await stopped.stop();
    expect((await stopped.exited).expected).toBe(true);
    expect(await reachable(stopped.port, '127.0.0.1')).toBe(false);
  });

  it.each(servers)('%s listens on loopback alone', async (server) => {
    const { port } = await starts[server](folder());
    expect(await reachable(port, '127.0.0.1')).toBe(true);
    const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
    );
    for (const address of others) expect(await reachable(port, address)).toBe(false);
  });

  // Only Linux has a death signal; elsewhere a parent that ends by itself takes its servers with it.
  const killsParent = process.platform === 'linux';
  it.each(['redis', 'postgres'] as const)('%s does not outlive its parent', async (server) => {
    const dir = folder();
    mkdirSync(dir, { mode: 0o711 });
    const { binary, version } = installations[server];
    const parent = spawn(
      process.execPath,
      [
        ...['--conditions=gitway:source', '--import', join(source, 'testing/typescript-hook.mjs')],
        ...[join(source, 'testing/start-and-tell.ts'), server, binary, version, dir],
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>((resolve, reject) => {
      let said = '';
      parent.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /pid=(\d+)/.exec(said)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      parent.once('exit', () => reject(new Error(`the parent ended: ${said}`)));
    });
    expect(alive(pid)).toBe(true);
    if (killsParent) parent.kill('SIGKILL');
    else parent.stdin.end();
    const deadline = Date.now() + 10_000;
    while (alive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(alive(pid)).toBe(false);
  });

  it('postgres keeps its data, asks for the password, and never runs as root', async () => {
    const dir = folder();
    const first = await postgres(dir);
    const url = await createDatabase(first.adminUrl, 'odd "name"');
    expect(await createDatabase(first.adminUrl, 'odd "name"')).toBe(url);
    await query(url, 'CREATE TABLE kept (id int)');
    if (existsSync('/proc/self/status'))
      expect(readFileSync(`/proc/${first.pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\b/m);
    // kill -9, and at once again: backends that still leave are waited for.
    first.kill('SIGKILL');
    await first.exited;
    const second = await postgres(dir);
    const again = new URL(url);
    again.port = String(second.port);
    expect(await query(again.href, `SELECT to_regclass('kept')::text AS name`)).toEqual([{ name: 'kept' }]);
    await dropDatabase(second.adminUrl, 'odd "name"');
    await expect(query(again.href, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
    await second.stop();
    await expect(postgres(dir, 'another')).rejects.toThrow(/refused the password/);
  });

  it('postgres refuses data of another version, and says what to do', async () => {
    const dir = folder();
    await (await postgres(dir)).stop();
    writeFileSync(join(dir, 'data', 'PG_VERSION'), '9.6\n');
    await expect(postgres(dir)).rejects.toThrow(/made by PostgreSQL 9\.6.*install PostgreSQL 9\.6/s);
  });

  it('a server that does not start tells where its log is and how it ends', async () => {
    const dir = folder();
    const start = startNats({ installation: installations.nats, dir, configText: 'max_payload: nonsense' });
    await expect(start).rejects.toThrow(/exited with code 1\..*nats\.log.*nats\.conf:3:1/s);
  });

  it('freePort gives the preferred port when it is free, and another when not', async () => {
    const { port } = await starts.redis(folder());
    expect(await freePort(port)).not.toBe(port);
    const free = await freePort();
    expect(await freePort(free)).toBe(free);
  });

  it('haproxy, started again, goes on at the end of its access log', async () => {
    const dir = folder();
    const earlier = '{"an":"earlier line, longer than the first ones of a start"}\n'.repeat(50);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'access.log'), earlier);
    const { port } = await starts.haproxy(dir);
    const text = () => readFileSync(join(dir, 'access.log'), 'utf8');
    await fetch(`http://127.0.0.1:${port}/told`);
    await started.at(-1)?.stop();
    expect(text().slice(0, earlier.length)).toBe(earlier);
    expect(text().slice(earlier.length)).toContain('/told');
  });

  it('haproxy refuses a folder whose sockets would have too long a name', async () => {
    const dir = temp.path('x'.repeat(100));
    await expect(startHaproxy({ installation: installations.haproxy, dir })).rejects.toMatchObject({
      slug: 'haproxy-path-too-long',
    });
  });
});

function reachable(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

/** Whether a process runs: one that ended and was not yet waited for by its parent does not. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync('/proc/self/status')) return true;
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
