import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, waitFor } from '@gitway/testing';
import { FolderReader } from './folder-reader.ts';
import { startCli, type CliOptions, type CliRun } from '../testing/run-cli.ts';
import {
  brokenApi,
  freshRepository,
  goodRepository,
  namelessOperation,
  writeFiles,
} from '../testing/sample-repository.ts';

const temp = tempDir();
const api = 'apis/pets/api.yaml';
let folder: string;
let running: CliRun | undefined;

beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
});
afterEach(async () => {
  running?.interrupt();
  await running?.exitCode;
  running = undefined;
});

function watch(args: string[] = [], options: CliOptions = {}): CliRun {
  running = startCli(['check', '.', '--watch', ...args], { cwd: folder, ...options });
  return running;
}
const rounds = (run: CliRun) => run.out().split('waiting for changes').length - 1;
const round = (run: CliRun, number: number) =>
  waitFor(() => rounds(run) >= number, {
    message: () => `round ${number} of ${rounds(run)}:\n${run.out()}${run.err()}`,
  });
const lastOf = (run: CliRun) =>
  run
    .out()
    .split(/Ctrl-C ends\n/)
    .at(-2)!;

describe('gitway check --watch', () => {
  it('checks again what was changed, saved over, renamed and deleted, and says how long it took', async () => {
    const run = watch();
    await round(run, 1);
    expect(lastOf(run)).toContain('✔ good');
    expect(run.out()).toMatch(/checked in \d+ ms at 12:00:00 UTC/);

    writeFiles(folder, { [api]: brokenApi });
    await round(run, 2);
    expect(lastOf(run)).toContain('unknown-field');

    // As editors save: a file beside it, then a rename over it.
    writeFiles(folder, { 'apis/pets/api.yaml~': goodRepository[api]! });
    renameSync(join(folder, 'apis/pets/api.yaml~'), join(folder, api));
    await round(run, 3);
    expect(lastOf(run)).toContain('✔ good');

    renameSync(join(folder, 'apis/pets'), join(folder, 'apis/animals'));
    await waitFor(() => rounds(run) > 3 && lastOf(run).includes('✔ good'));
    rmSync(join(folder, 'apis/animals/openapi.yaml'));
    await waitFor(() => lastOf(run).includes('missing-file'));

    // In a folder that was not there when it began.
    writeFiles(folder, { 'apis/animals/openapi.yaml': namelessOperation });
    await waitFor(() => lastOf(run).includes('warning openapi-operation-id apis/animals/openapi.yaml'));
  });

  it('ends on Ctrl-C', async () => {
    const run = watch();
    await round(run, 1);
    run.interrupt();
    expect(await run.exitCode).toBe(130);
    expect(run.err()).toBe('');
  });

  it('waits for a folder that went away', async () => {
    const run = watch();
    await round(run, 1);
    renameSync(folder, `${folder}-away`);
    await waitFor(() => run.out().includes('is it there?'));
    renameSync(`${folder}-away`, folder);
    writeFiles(folder, { [api]: brokenApi });
    await waitFor(() => lastOf(run).includes('unknown-field'));
    expect(run.out().split('is it there?')).toHaveLength(2);
  });

  it('clears the screen of a terminal, and nothing else', async () => {
    const run = watch([], { terminal: true });
    await round(run, 1);
    expect(run.out().startsWith('\u001B[2J')).toBe(true);
    run.interrupt();
    await run.exitCode;
    const piped = watch();
    await round(piped, 1);
    expect(piped.out()).not.toContain('\u001B');
  });

  it('answers programs with one line for each check', async () => {
    const run = watch(['--format', 'json']);
    await waitFor(() => run.out().includes('\n'));
    writeFiles(folder, { [api]: brokenApi });
    await waitFor(() => run.out().split('\n').length === 3);
    const answers = run
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { refused: boolean });
    expect(answers.map(({ refused }) => refused)).toEqual([false, true]);
  });

  it('does not wake itself with its own report', async () => {
    const run = watch(['--format', 'json', '--output', 'report.json', '--format', 'text']);
    await round(run, 1);
    writeFiles(folder, { [api]: brokenApi });
    await round(run, 2);
    await waitFor(
      () => (JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { refused: boolean }).refused,
    );
    writeFiles(folder, { [api]: goodRepository[api]! });
    await round(run, 3);
    expect(rounds(run)).toBe(3);
  });

  it('begins with an error when there is nothing to watch', async () => {
    expect(await startCli(['check', 'nowhere', '--watch'], { cwd: folder }).exitCode).toBe(2);
    expect(await startCli(['check', '.', '--watch', '-e', 'nowhere'], { cwd: folder }).exitCode).toBe(2);
  });
});

describe('FolderReader', () => {
  it('gives what changed another id, and what did not the same one', async () => {
    for (const path of Object.keys(goodRepository)) {
      const past = new Date(Date.now() - 60_000);
      utimesSync(join(folder, path), past, past);
    }
    const reader = await FolderReader.open(folder);
    const stamps = async () => new Map((await reader.list()).map(({ path, stamp }) => [path, stamp]));
    const before = await stamps();
    writeFileSync(join(folder, api), goodRepository[api]!);
    const after = await stamps();
    expect([...after].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path)).toEqual([api]);
  });

  it('trusts no id of a file that was written just now', async () => {
    const reader = await FolderReader.open(folder);
    const ids = async () => new Map((await reader.list()).map(({ path, oid }) => [path, oid]));
    const before = await ids();
    expect((await ids()).get(api)).not.toBe(before.get(api));
  });

  it('lists a folder while it is taken away', async () => {
    mkdirSync(join(folder, 'many'));
    for (let index = 0; index < 600; index++) writeFiles(folder, { [`many/${index}/a.yaml`]: 'a: 1\n' });
    const reader = await FolderReader.open(folder);
    const listing = reader.list();
    rmSync(join(folder, 'many'), { recursive: true });
    expect((await listing).map(({ path }) => path)).toContain('gateway.yaml');
  });
});
