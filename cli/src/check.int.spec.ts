import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { FolderReader } from './check/folder-reader.ts';
import { runCli } from './testing/run-cli.ts';
import { freshRepository, goodRepository, writeFiles } from './testing/sample-repository.ts';

const temp = tempDir();
let folder: string;
beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
});

const good = goodRepository;
const write = (files: Record<string, string>) => writeFiles(folder, files);
const check = (...args: string[]) => runCli(['check', folder, ...args]);

describe('gitway check', () => {
  it('finds a good folder good, for each environment', async () => {
    const result = await check();
    expect(result.out).toContain('✔ good');
    expect(result.out).toContain('staging: validated');
    expect(result.exitCode).toBe(0);
  });

  it('says where and what to do, with the lines in question', async () => {
    write({ 'apis/pets/api.yaml': good['apis/pets/api.yaml']!.replace('route:', 'routes:') });
    const result = await check();
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('error unknown-field apis/pets/api.yaml:6:3');
    expect(result.out).toContain('routes: { basePath: /pets }');
    expect(result.out).toContain('✘ refused');
  });

  it('answers programs with JSON', async () => {
    write({ 'apis/pets/api.yaml': 'apiVersion: gitway.dev/v1\nkind: Api\nmetadata: [' });
    const result = await check('--json');
    expect(result.exitCode).toBe(1);
    const answer = JSON.parse(result.out) as { refused: boolean; findings: { where: { file: string } }[] };
    expect(answer.refused).toBe(true);
    expect(answer.findings[0]!.where.file).toBe('apis/pets/api.yaml');
  });

  it('looks at one environment alone', async () => {
    write({
      'environment.yaml': good['environment.yaml']!.replace(
        'promoteFrom: staging, gateways: [edge]',
        'promoteFrom: staging, gateways: [nowhere]',
      ),
    });
    expect((await check('--environment', 'staging')).exitCode).toBe(0);
    expect((await check('--environment', 'production')).exitCode).toBe(1);
    const unknown = await check('--environment', 'test');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.err).toContain('It declares: ');
  });

  it('refuses a folder that is none', async () => {
    for (const path of [join(folder, 'nowhere'), join(folder, 'gateway.yaml')]) {
      const result = await runCli(['check', path]);
      expect(result).toMatchObject({ exitCode: 2, out: '' });
    }
  });

  it('never follows a link, out of the folder or in circles', async () => {
    const secret = join(temp.path(), 'secret.yaml');
    writeFileSync(secret, 'openapi: 3.0.3\ninfo: { title: hunter2, version: 1.0.0 }\npaths: {}\n');
    rmSync(join(folder, 'apis/pets/openapi.yaml'));
    symlinkSync(secret, join(folder, 'apis/pets/openapi.yaml'));
    symlinkSync(folder, join(folder, 'apis/loop'));
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling.yaml'));
    const result = await check();
    expect(result.exitCode).toBe(1);
    expect(result.out).not.toContain('hunter2');
    expect(result.out).toContain('symlink');
  });

  it('does not read through a folder or a file that became a link after it was listed', async () => {
    const outside = join(temp.path(), 'outside');
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'api.yaml'), 'secret');
    const reader = await FolderReader.open(folder);
    const listed = (await reader.list()).map(({ path }) => path);
    expect(listed).toContain('apis/pets/api.yaml');
    rmSync(join(folder, 'apis/pets'), { recursive: true });
    symlinkSync(outside, join(folder, 'apis/pets'));
    expect(await reader.read('apis/pets/api.yaml')).toBeUndefined();
    expect(await reader.read('../outside/api.yaml')).toBeUndefined();
    rmSync(join(folder, 'gateway.yaml'));
    symlinkSync(join(outside, 'api.yaml'), join(folder, 'gateway.yaml'));
    expect(await reader.read('gateway.yaml')).toBeUndefined();
    expect(await reader.read('environment.yaml')).toBeDefined();
  });
});

describe('gitway explain', () => {
  it('tells of a rule what it is for, what to do, what is refused and what passes', async () => {
    const { out, exitCode } = await runCli(['explain', 'unknown-field']);
    expect(exitCode).toBe(0);
    for (const part of ['# unknown-field', '**Why.**', '**What to do.**', '## Refused or warned about', '## Fine']) {
      expect(out).toContain(part);
    }
    expect(out).not.toContain('<!--');
    expect((await runCli(['explain', 'api-owner'])).out).toContain('# api-owner');
    expect((await runCli(['explain', 'request-body-removed'])).out).toContain('# request-body-removed');
  });

  it('tells programs the same', async () => {
    expect(JSON.parse((await runCli(['explain', 'unknown-field', '--json'])).out)).toMatchObject({
      id: 'unknown-field',
      severity: 'error',
      from: 'compiler',
      fix: expect.any(String),
      bad: expect.any(Object),
      good: expect.any(Object),
    });
  });

  it('lists every rule once', async () => {
    const { items } = JSON.parse((await runCli(['explain', '--json'])).out) as {
      items: { id: string; from: string }[];
    };
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(new Set(items.map(({ from }) => from))).toEqual(new Set(['compiler', 'guardrail', 'breaking-change']));
    const { out } = await runCli(['explain']);
    for (const { id } of items) expect(out).toContain(`${id} `);
  });

  it('says which one was meant', async () => {
    const wrong = await runCli(['explain', 'unknwon-field']);
    expect(wrong).toMatchObject({ exitCode: 2, out: '' });
    expect(wrong.err).toContain('Did you mean unknown-field?');
    expect((await runCli(['explain', 'xyzzy'])).err).toContain('All of them: gitway explain.');
    expect((await runCli(['explain', 'spectral-tags'])).err).toContain('known with --dir');
  });
});
