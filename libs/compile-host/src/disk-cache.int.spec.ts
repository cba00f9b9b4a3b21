import { chmod, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskCache, type DiskCacheOptions } from './disk-cache.ts';
import { inNode } from './testing/in-node.ts';

let folder: string;
const problems: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitway-disk-cache-'));
  problems.length = 0;
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});
const open = (options: Partial<DiskCacheOptions> = {}) =>
  new DiskCache({
    folder,
    engine: 'engine1',
    maxBytes: 10_000_000,
    onProblem: (message) => void problems.push(message),
    ...options,
  });
const entries = (from: number, to: number) =>
  new Map(Array.from({ length: to - from }, (_, index) => [`key ${from + index}`, { value: from + index }]));
const keys = (from: number, to: number) => [...entries(from, to).keys()];
const packs = async () =>
  (await readdir(folder)).filter((name) => name.endsWith('.pack')).map((name) => join(folder, name));

describe('a cache in a folder', () => {
  it('gives back after a restart what was kept, and knows nothing else', async () => {
    const first = open();
    first.save(entries(0, 500));
    expect((await first.load(['key 7'])).get('key 7')).toEqual({ value: 7 });
    await first.flush();
    const second = open();
    expect(await second.load([...keys(0, 500), 'nothing'])).toEqual(entries(0, 500));
    expect(await open({ engine: 'engine2' }).load(keys(0, 500))).toEqual(new Map());
  });

  it('is shared by processes that run at once: each sees what another has added', async () => {
    const [one, two] = [open(), open()];
    one.save(entries(0, 10));
    two.save(entries(5, 20));
    await Promise.all([one.flush(), two.flush()]);
    expect(await one.load(keys(0, 20))).toEqual(entries(0, 20));
    expect(await two.load(keys(0, 20))).toEqual(entries(0, 20));
  });

  it('takes damage for a miss: a cut pack, changed bytes, rubbish', async () => {
    const cache = open();
    cache.save(entries(0, 50));
    await cache.flush();
    const [pack] = await packs();
    const bytes = await readFile(pack!);
    bytes[bytes.length - 2] = 0x21;
    await writeFile(pack!, bytes);
    const found = await open().load(keys(0, 50));
    expect(found).toEqual(entries(0, 49));
    await truncate(pack!, 200);
    expect(await open().load(keys(0, 50))).toEqual(new Map());
    await writeFile(join(folder, 'engine1-x-y.pack'), 'rubbish');
    expect(await open().load(keys(0, 50))).toEqual(new Map());
    expect(problems).toEqual([]);
  });

  it('survives kill -9 while it writes: what is there is whole', async () => {
    await inNode<number>(
      `
      import { fork } from 'node:child_process';
      const code = (seed) => \`
        const host = await import(\${JSON.stringify(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})});
        const cache = new host.DiskCache({ folder: ${JSON.stringify('FOLDER')}, engine: 'engine1', maxBytes: 1e8, onProblem() {} });
        for (let i = 0; ; i++) {
          cache.save(new Map(Array.from({ length: 200 }, (_, n) => ['key ' + (i * 200 + n), { value: i * 200 + n, filler: 'x'.repeat(2000) }])));
          await cache.flush();
          if (i === 2) process.stdout.write('going');
        }
      \`;
      const { spawn } = await import('node:child_process');
      const child = spawn(process.execPath, ['--input-type=module', '--eval', code(1)], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const { readdirSync } = await import('node:fs');
      const deadline = Date.now() + 20_000;
      const writes = () => readdirSync(${JSON.stringify('FOLDER')}).some((name) => name.endsWith('.tmp'));
      while (!writes() && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      tell(1);
    `.replaceAll('FOLDER', folder),
    );
    const cache = open();
    const found = await cache.load(keys(0, 2_000));
    expect(found.size).toBeGreaterThanOrEqual(600);
    for (const [key, value] of found) expect(`key ${(value as { value: number }).value}`).toBe(key);
    cache.save(entries(9_000, 9_001));
    await cache.flush();
    expect((await open().load(['key 9000'])).size).toBe(1);
  }, 60_000);

  it('stays below its bound: what was not used for the longest time goes', async () => {
    const filler = 'x'.repeat(1_000);
    const cache = open({ maxBytes: 500_000 });
    for (let round = 0; round < 8; round++) {
      cache.save(
        new Map([...entries(round * 100, round * 100 + 100)].map(([key, value]) => [key, { ...value, filler }])),
      );
      await cache.flush();
      for (const pack of await packs()) await utimes(pack, 1_000 + round, 1_000 + round).catch(() => undefined);
    }
    const found = await open().load(keys(0, 800));
    expect(found.size).toBeLessThan(500);
    expect(found.has('key 750')).toBe(true);
    expect(found.has('key 0')).toBe(false);
  });

  it('puts many small packs together', async () => {
    const cache = open();
    for (let round = 0; round < 60; round++) {
      cache.save(entries(round, round + 1));
      await cache.flush();
    }
    expect((await packs()).length).toBeLessThan(50);
    expect(await open().load(keys(0, 60))).toEqual(entries(0, 60));
    expect(await cache.load(keys(0, 60))).toEqual(entries(0, 60));
  });

  it('works on without a folder that it can write to, and says so once', async () => {
    await writeFile(join(folder, 'file'), '');
    const cache = open({ folder: join(folder, 'file', 'below') });
    for (let round = 0; round < 3; round++) {
      cache.save(entries(round, round + 1));
      await cache.flush();
      expect(await cache.load(['key 0'])).toEqual(new Map());
    }
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('cannot be used');
  });
});
