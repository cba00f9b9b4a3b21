import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { freshRepository } from '../testing/sample-repository.ts';

const temp = tempDir();
const run = promisify(execFile);
const bin = new URL('../../dist/main.js', import.meta.url).pathname;
let folder: string;
let cache: string;
beforeEach(() => {
  folder = join(temp.path(), 'repository');
  cache = join(temp.path(), `cache-${Math.random()}`);
  freshRepository(folder);
});

/** `gitway check` as people run it: what was built, in a process of its own. */
async function check(args: readonly string[] = [], env: Record<string, string> = {}) {
  const options = { env: { PATH: process.env['PATH'], GITWAY_CACHE_DIR: cache, ...env }, maxBuffer: 1e8 };
  const call = run(process.execPath, [bin, 'check', folder, '--json', ...args], options);
  const { stdout, stderr, code } = await call.then(
    (done) => ({ ...done, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  const { environments, findings } = JSON.parse(stdout) as {
    environments: { snapshot: string | null }[];
    findings: { rule: string; where: { file: string } }[];
  };
  return { code, stderr, findings, snapshots: environments.map(({ snapshot }) => snapshot) };
}
const packs = () => readdirSync(cache).filter((name) => name.endsWith('.pack'));

describe('what gitway check keeps', () => {
  it('is the same answer the next time, from what was kept, and from what was spoiled', async () => {
    const first = await check();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const kept = packs();
    expect(kept.length).toBeGreaterThan(0);
    expect(await check()).toEqual(first);
    // All that is made is kept: nothing was made.
    expect(packs()).toEqual(kept);
    for (const name of packs()) truncateSync(join(cache, name), readFileSync(join(cache, name)).length / 2);
    expect(await check()).toEqual(first);
  });

  it('goes by what a file holds', async () => {
    const first = await check();
    const document = join(folder, 'apis/pets/openapi.yaml');
    writeFileSync(document, readFileSync(document, 'utf8').replace(/title: \S+/, 'title: Other'));
    const other = await check();
    expect(other.snapshots).not.toEqual(first.snapshots);
    expect(other.snapshots).toEqual((await check(['--no-cache'])).snapshots);
  });

  it('is nothing with --no-cache', async () => {
    await check(['--no-cache']);
    expect(() => packs()).toThrow('ENOENT');
  });

  it('is done without where the folder cannot be used, and that is said', async () => {
    const { code, stderr } = await check([], { GITWAY_CACHE_DIR: join(folder, 'apis/pets/openapi.yaml') });
    expect(code).toBe(0);
    expect(stderr).toContain('cannot be used to keep what was compiled');
  });
});

describe('a document that takes more than it may', () => {
  it('is refused, and the check ends', async () => {
    const many = Array.from(
      { length: 60_000 },
      (_, each) => `  /p${each}:\n    get: { responses: { '200': { description: ok } } }\n`,
    );
    writeFileSync(
      join(folder, 'apis/pets/openapi.yaml'),
      `openapi: 3.0.3\ninfo: { title: a, version: '1' }\npaths:\n${many.join('')}`,
    );
    const { code, findings } = await check(['--severity', 'error'], { GITWAY_DOCUMENT_TIME_LIMIT: '50ms' });
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ rule: 'document-takes-too-long', where: { file: 'apis/pets/openapi.yaml' } });
  });
});
