import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@gitway/testing';
import { DiskCache } from './disk-cache.ts';

const host = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
const compiler = JSON.stringify(new URL('../../compiler/dist/index.js', import.meta.url).href);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitway-disk-trouble-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What two validators do on one machine: compile one commit after the other, with one folder. */
const compiling = (cacheFolder: string, engine = 'engine1') => `
  import { DiskCache } from ${host};
  import { compileWorkspace } from ${compiler};
  import { createHash, randomBytes } from 'node:crypto';
  import { readdirSync, statSync } from 'node:fs';
  const problems = [];
  const folder = ${JSON.stringify(cacheFolder)};
  const cache = new DiskCache({ folder, engine: '${engine}', maxBytes: 1e8, onProblem: (message) => problems.push(message) });
  const filler = (commit) => createHash('sha512').update(String(commit)).digest('hex').repeat(60);
  const filesOf = (commit) => ({
    'platform.yaml': [
      'apiVersion: gitway.dev/v1\\nkind: Environment\\nmetadata: { name: live }\\nspec: { source: { branch: main }, gateways: [edge] }\\n',
      'apiVersion: gitway.dev/v1\\nkind: Gateway\\nmetadata: { name: edge }\\nspec: { driver: haproxy, listeners: [{ name: http, protocol: http, port: 8080 }] }\\n',
    ].join('---\\n'),
    'api.yaml': "# " + filler(commit) + "\\napiVersion: gitway.dev/v1\\nkind: Api\\nmetadata: { name: pets }\\nspec:\\n  openapi: ./openapi.yaml\\n  route: { hosts: [api.example.com], basePath: /pets }\\n  upstream: { pools: [{ name: stable, targets: [{ url: 'http://pets.internal:8080' }] }] }\\n",
    'openapi.yaml': "openapi: 3.0.3\\ninfo: { title: pets, version: '" + commit + "' }\\npaths:\\n  /pets: { get: { responses: { '200': { description: ok } } } }\\n",
  });
  const compile = async (commit, lasting = cache) => {
    const files = filesOf(commit);
    const oidOf = (path) => createHash('sha1').update(files[path]).digest('hex');
    const result = await compileWorkspace(
      {
        list: async () => Object.keys(files).sort().map((path) => ({ path, mode: '100644', oid: oidOf(path), size: files[path].length })),
        read: async (path) => Buffer.from(files[path]),
      },
      { drivers: { haproxy: () => [] }, ...(lasting === null ? {} : { lasting }) },
    );
    await cache.flush();
    return { digest: result.environments[0].digest, runs: result.runs };
  };
  const tell = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
`;
const node = (code: string) => [process.execPath, '--input-type=module', '--eval', code] as const;

/** Runs in a shell that gives it a disk of 1 MB of its own at `folder`, or, where that is not permitted, files of 1 MB. */
async function onSmallDisk<T>(code: string): Promise<T> {
  const mount = `mount -t tmpfs -o size=1m tmpfs '${folder}'`;
  const own = (() => {
    try {
      execFileSync('unshare', ['-rm', 'sh', '-c', mount], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  const [program, ...args] = node(code);
  const { stdout } = own
    ? await promisify(execFile)('unshare', ['-rm', 'sh', '-c', `${mount} && exec "$0" "$@"`, program, ...args])
    : await promisify(execFile)('sh', ['-c', 'ulimit -f 1024 && exec "$0" "$@"', program, ...args]);
  return JSON.parse(stdout) as T;
}

describe('a cache folder in trouble', () => {
  it('on a full disk: compiling goes on, it is said once, and what was kept before is still read', async () => {
    const { problems, full, cold, runsOfKept, left } = await onSmallDisk<{
      problems: string[];
      full: string[];
      cold: string[];
      runsOfKept: unknown;
      left: string[];
    }>(`${compiling(folder)}
      await compile(0);
      const large = () => new Map([[randomBytes(8).toString('hex'), { value: randomBytes(800_000).toString('hex') }]]);
      for (let round = 0; round < 3; round++) {
        cache.save(large());
        await cache.flush();
      }
      const full = [];
      const cold = [];
      for (const commit of [1, 2, 3]) {
        full.push((await compile(commit)).digest);
        cold.push((await compile(commit, null)).digest);
      }
      const left = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
      tell({ problems, full, cold, runsOfKept: (await compile(0)).runs, left });
    `);
    expect(problems).toEqual([expect.stringMatching(/cannot be used to keep what was compiled: (ENOSPC|EFBIG)/)]);
    expect(full).toEqual(cold);
    expect(full.every((digest) => typeof digest === 'string')).toBe(true);
    expect(runsOfKept).toEqual({ files: 0, documents: 0, units: 0 });
    expect(left).toEqual([]);
  }, 90_000);

  it('survives that one of two that share it is killed while it writes', async () => {
    const forever = `${compiling(folder)}
      for (let commit = 0; ; commit++) tell({ commit, ...(await compile(commit)) });
    `;
    const start = (code: string) => {
      const [program, ...args] = node(code);
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: { commit: number; digest: string }[] = [];
      let rest = '';
      child.stdout.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split('\n');
        rest = parts.pop()!;
        lines.push(...parts.map((line) => JSON.parse(line) as { commit: number; digest: string }));
      });
      return { child, lines };
    };
    const [killed, other] = [start(forever), start(forever)];
    try {
      await waitFor(() => Promise.resolve(killed.lines.length > 3 && other.lines.length > 3), { timeoutMs: 60_000 });
      await waitFor(async () => (await readdir(folder)).some((name) => name.endsWith('.tmp')), {
        timeoutMs: 60_000,
        intervalMs: 1,
      });
      killed.child.kill('SIGKILL');
      await once(killed.child, 'exit');
      const before = other.lines.length;
      await waitFor(() => Promise.resolve(other.lines.length > before + 10), { timeoutMs: 60_000 });
    } finally {
      killed.child.kill('SIGKILL');
      other.child.kill('SIGKILL');
      if (other.child.exitCode === null && other.child.signalCode === null) await once(other.child, 'exit');
    }
    // Both were told the same, and one that starts again makes nothing of it anew.
    const known = new Map(other.lines.map(({ commit, digest }) => [commit, digest]));
    for (const { commit, digest } of killed.lines) expect(known.get(commit) ?? digest).toBe(digest);
    const last = Math.min(killed.lines.length, other.lines.length) - 1;
    const [program, ...args] = node(
      `${compiling(folder)} tell([await compile(${last}), await compile(${last}, null), problems]);`,
    );
    const again = JSON.parse((await promisify(execFile)(program, args)).stdout) as unknown[];
    expect(again).toEqual([
      { digest: known.get(last), runs: { files: 0, documents: 0, units: 0 } },
      expect.objectContaining({ digest: known.get(last) }),
      [],
    ]);
    // What the dead ones left is cleared away once nobody can be writing it.
    for (const name of await readdir(folder)) if (name.endsWith('.tmp')) await utimes(join(folder, name), 1_000, 1_000);
    const cache = new DiskCache({ folder, engine: 'engine1', maxBytes: 1e8, onProblem: () => undefined });
    cache.save(new Map([['key', {}]]));
    await cache.flush();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }, 180_000);

  it('does not mind a clock that jumps ahead and back', async () => {
    const problems: string[] = [];
    let now = Date.now();
    const year = 365 * 86_400_000;
    const open = () =>
      new DiskCache({
        ...{ folder, engine: 'engine1', maxBytes: 600_000, now: () => now },
        onProblem: (message) => void problems.push(message),
      });
    const cache = open();
    const value = (round: number) => ({ round, filler: 'x'.repeat(50_000) });
    const jumps = [0, 10 * year, -10 * year, -10 * year, 20 * year, 0, -5 * year];
    for (const [round, jump] of jumps.entries()) {
      now += jump;
      cache.save(new Map([[`key ${round}`, value(round)]]));
      await cache.flush();
      expect((await cache.load([`key ${round}`])).get(`key ${round}`)).toEqual(value(round));
      expect((await open().load([`key ${round}`])).get(`key ${round}`)).toEqual(value(round));
    }
    expect((await open().load(jumps.map((_, round) => `key ${round}`))).size).toBe(jumps.length);
    // Of more than there is room for, what a wrong clock marked as used in the future goes first.
    now = Date.now();
    const names = (await readdir(folder)).sort();
    for (const name of names) await utimes(join(folder, name), now / 1_000, (now + year) / 1_000);
    for (let round = 10; round < 30; round++) {
      cache.save(new Map([[`key ${round}`, value(round)]]));
      await cache.flush();
    }
    const left = await open().load(['key 0', 'key 29']);
    expect([...left.keys()]).toEqual(['key 29']);
    expect(problems).toEqual([]);
  }, 30_000);

  it('loses what it writes, and nothing else, where another whose clock is ahead takes it for a left-over', async () => {
    const problems: string[] = [];
    const cache = new DiskCache({
      ...{ folder, engine: 'engine1', maxBytes: 1e8 },
      onProblem: (message) => void problems.push(message),
    });
    cache.save(new Map([['before', { value: 1 }]]));
    await cache.flush();
    let over = false;
    const thief = (async () => {
      while (!over)
        for (const name of await readdir(folder))
          if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
    })();
    for (let round = 0; round < 50; round++) {
      cache.save(new Map([[`key ${round}`, { value: 'x'.repeat(200_000) }]]));
      await cache.flush();
    }
    over = true;
    await thief;
    cache.save(new Map([['after', { value: 2 }]]));
    await cache.flush();
    expect([...(await cache.load(['before', 'after'])).values()]).toEqual([{ value: 1 }, { value: 2 }]);
    expect(problems).toEqual([]);
  }, 30_000);
});
