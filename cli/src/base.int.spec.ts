import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { FakeConsole, token } from './testing/fake-console.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository, namelessOperation, writeFiles } from './testing/sample-repository.ts';

const consoleServer = new FakeConsole();
let folder = '';

const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

beforeAll(() => consoleServer.start());
afterAll(() => consoleServer.stop());
beforeEach(() => {
  consoleServer.reset();
  folder = mkdtempSync(join(tmpdir(), 'gitway-base-'));
  git('init', '-q', '-b', 'main');
  writeFiles(join(folder, 'platform'), {
    ...goodRepository,
    'apis/pets/api.yaml': goodRepository['apis/pets/api.yaml']!.replace('spec:\n', 'spec:\n  visibility: public\n'),
  });
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  writeFiles(join(folder, 'platform'), {
    'apis/pets/openapi.yaml': goodRepository['apis/pets/openapi.yaml']!.replaceAll('/pets:', '/animals:'),
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (...args: string[]) =>
  runCli(['--json', 'check', join(folder, 'platform'), ...args], {
    cwd: folder,
    env: { GITWAY_URL: consoleServer.url, GITWAY_TOKEN: token },
  });
const findingsOf = (out: string) => (JSON.parse(out) as { findings: Finding[] }).findings;

describe('gitway check --base', () => {
  it('finds what breaks callers of a revision, without claiming to know who calls', async () => {
    const { out, err, exitCode: code } = await check('--base', 'main');
    expect(code).toBe(0);
    const found = findingsOf(out);
    expect(found).toMatchObject([
      {
        rule: 'api-path-removed-without-deprecation',
        severity: 'warning',
        where: { file: 'apis/pets/openapi.yaml', range: { line: 3 } },
        message: expect.stringContaining('is not known: this check did not ask a platform'),
      },
    ]);
    expect(err).toContain(`production was compared with main (${git('rev-parse', '--short=7', 'main')})`);
  });

  it('looks for nothing when it is not asked, and finds nothing in what is as it was', async () => {
    expect(findingsOf((await check()).out)).toEqual([]);
    git('commit', '-q', '-a', '-m', 'second');
    expect(findingsOf((await check('--base', 'HEAD')).out)).toEqual([]);
    expect(findingsOf((await check('--base', 'HEAD~1')).out)).toHaveLength(1);
  });

  it.each(['no-such-branch', '--upload-pack=touch x', 'main:platform', ''])(
    'says that %p is no revision, and checks nothing',
    async (revision) => {
      const { exitCode: code, err, out } = await check(`--base=${revision}`);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('is no commit of this repository');
    },
  );

  it('says when the base does not compile, and claims nothing', async () => {
    writeFiles(join(folder, 'platform'), { 'apis/pets/api.yaml': 'apiVersion: gitway.dev/v1\nkind: Api\n' });
    git('commit', '-q', '-a', '-m', 'broken');
    writeFiles(join(folder, 'platform'), goodRepository);
    const { err, exitCode: code } = await check('--base', 'main');
    expect(code).toBe(0);
    expect(err).toContain('staging was not compared: main (');
    expect(err).toContain('does not compile for it');
  });
});

describe('gitway check --against live', () => {
  const live = (commit: string) => ({
    items: [],
    total: 0,
    next: null,
    environments: ['staging', 'production'].map((name) => ({
      name,
      live:
        name === 'staging'
          ? null
          : {
              source: 'shop',
              ref: 'refs/heads/main',
              commit,
              at: '2026-01-01T00:00:00.000Z',
              snapshot: `sha256-${'0'.repeat(64)}`,
            },
      validated: null,
      apis: 1,
      operations: 1,
      newer: { added: 0, changed: 0, removed: 0 },
      lastRevision: null,
    })),
  });
  const usage = {
    environment: 'production',
    api: 'pets',
    knownSince: '2020-01-01T00:00:00.000Z',
    items: [
      {
        operation: 'listPets',
        consumer: 'acme',
        day: '2026-11-23',
        calls: 1204,
        errors: 0,
        lastAt: '2026-11-23T11:00:00.000Z',
      },
    ],
    truncated: false,
  };

  it('weighs by who calls: what would be refused is refused here', async () => {
    consoleServer.answers = { '/api/apis': live(git('rev-parse', 'HEAD')), '/api/usage': usage };
    const { out, err, exitCode: code } = await check('--against', 'live');
    expect(code).toBe(1);
    expect(findingsOf(out)).toMatchObject([
      { severity: 'error', message: expect.stringContaining('1,204 calls by 1 consumer (acme) in 7 days') },
    ]);
    expect(err).toContain('nothing is live in staging, so nothing was compared');
    expect(err).toContain('production was compared with what is live (');
    expect(consoleServer.asked.find(({ path }) => path === '/api/usage')?.query.get('api')).toBe('pets');
  });

  it('says whom changed rules would hit of what is live, as the validator does', async () => {
    writeFiles(join(folder, 'platform'), { 'apis/pets/openapi.yaml': namelessOperation });
    git('commit', '-q', '-a', '-m', 'nameless');
    const rules = (severity: string) =>
      `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  rules: { openapi-operation-id: ${severity} }\n`;
    writeFiles(join(folder, 'platform'), {
      'apis/pets/openapi.yaml': goodRepository['apis/pets/openapi.yaml']!,
      'rules.yaml': rules('error'),
    });
    consoleServer.answers = { '/api/apis': live(git('rev-parse', 'HEAD')), '/api/usage': usage };
    const { out, exitCode: code } = await check('--against', 'live');
    expect(code).toBe(0);
    expect(findingsOf(out).filter(({ rule }) => rule === 'rule-set-impact')).toMatchObject([
      {
        severity: 'warning',
        message: 'Rule `openapi-operation-id` would reject 1 of 1 API that are live in production: pets.',
        where: { file: 'rules.yaml' },
      },
    ]);
    git('add', '--all');
    git('commit', '-q', '-m', 'rules');
    consoleServer.answers = { '/api/apis': live(git('rev-parse', 'HEAD')), '/api/usage': usage };
    expect(findingsOf((await check('--against', 'live')).out)).toEqual([]);
  });

  it('says that a commit must be fetched, that the platform is away, and that both bases are too many', async () => {
    consoleServer.answers = { '/api/apis': live('0'.repeat(40)), '/api/usage': usage };
    const missing = await check('--against', 'live');
    expect([missing.exitCode, missing.out]).toEqual([2, '']);
    expect(missing.err).toContain('has it been fetched?');
    consoleServer.away = true;
    const away = await check('--against', 'live');
    expect(away.exitCode).not.toBe(0);
    expect(away.out).toBe('');
    expect((await check('--against', 'live', '--base', 'main')).exitCode).toBe(2);
    expect((await check('--against', 'yesterday')).exitCode).toBe(2);
  });
});
