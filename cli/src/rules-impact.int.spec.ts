import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exampleWorkspace } from '@gitway/compiler';
import { digestOf } from '@gitway/contracts';
import { tempDir } from '@gitway/testing';
import { compileFiles } from './testing/compile-files.ts';
import { GitFolder } from './testing/git-folder.ts';
import { FakeConsole, token } from './testing/fake-console.ts';
import { runCli } from './testing/run-cli.ts';

const temp = tempDir();
const fake = new FakeConsole();
let folder: string;
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => {
  fake.reset();
  folder = join(temp.path(), 'repository');
  for (const [path, text] of Object.entries(exampleWorkspace)) write(path, text);
  write('rules.yaml', ruleSet('error'));
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const ruleSet = (severity: string, mode = '') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${mode}  guardrails: [{ use: upstream-tls, severity: ${severity} }, { use: upstream-link-local }]\n`;
const lint =
  'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  rules: { openapi-operation-id: error }\n';
const nameless = exampleWorkspace['pets/openapi.yaml'].replace('operationId: readDog', 'summary: A dog');
const impact = (...args: string[]) => runCli(['rules', 'impact', ...args], { cwd: folder });
const atConsole = (...args: string[]) => impact(...args, '--url', fake.url, '--token', token);

/** The console says that this is live in staging: one API for each name. */
async function live(...names: string[]): Promise<void> {
  const { environments } = await compileFiles(exampleWorkspace);
  const units = [...environments[0]!.units.values()];
  const items = [
    ...names.map((name) => ({ ...units.find(({ kind }) => kind === 'api')!, name })),
    ...units.filter(({ kind }) => kind !== 'api'),
  ];
  const snapshot = digestOf(names);
  const answer = {
    environment: 'staging',
    snapshot,
    commit: 'a'.repeat(40),
    since: '2026-11-23T12:00:00.000Z',
    unreadable: 0,
  };
  fake.answers['/api/environments/staging/units'] = { ...answer, items, total: items.length, next: null };
}

describe('gitway rules impact', () => {
  it('holds the rules of a folder against what is live, and ends with 1 where they would refuse', async () => {
    await live('pets', 'dogs', 'cats');
    const result = await atConsole();
    expect(result).toMatchObject({ exitCode: 1, err: '' });
    expect(result.out).toContain('staging: live is aaaaaaaa\n');
    expect(result.out).toMatch(/upstream-tls +enforced +would reject 3 of 3 APIs +cats, dogs, pets\n/);
    expect(result.out).toContain('1 rule hits nothing\n');
    expect(fake.asked[0]!.query.get('limit')).toBe('200');
  });

  it('ends with 0 where it only warns, and where the RuleSet is on trial', async () => {
    await live('pets');
    write('rules.yaml', ruleSet('warning'));
    const warned = await atConsole();
    expect([warned.exitCode, warned.out]).toEqual([0, expect.stringContaining('would warn of 1 of 1 API')]);
    write('rules.yaml', ruleSet('error', '  mode: trial\n'));
    const tried = await atConsole('--environment', 'staging', '--json');
    expect(tried.exitCode).toBe(0);
    expect(JSON.parse(tried.out)).toMatchObject({
      good: true,
      against: 'live',
      ruleSets: [{ name: 'house', trial: true }],
      environments: [
        {
          environment: 'staging',
          commit: 'a'.repeat(40),
          impacts: [{ rule: 'upstream-tls', trial: true, total: 1, rejects: [{ name: 'pets' }] }, {}],
        },
      ],
      findings: [],
    });
  });

  it('judges the lint by the files of what is live, where the repository has them', async () => {
    const repository = new GitFolder();
    try {
      const commit = repository.commit({ ...exampleWorkspace, 'pets/openapi.yaml': nameless });
      repository.write({ 'pets/openapi.yaml': exampleWorkspace['pets/openapi.yaml'], 'rules.yaml': lint });
      await live('pets');
      const path = '/api/environments/staging/units';
      fake.answers[path] = { ...(fake.answers[path] as object), commit };
      const at = ['--url', fake.url, '--token', token];
      const result = await runCli(['rules', 'impact', ...at], { cwd: repository.path });
      expect(result).toMatchObject({ exitCode: 1, err: '' });
      expect(result.out).toMatch(/openapi-operation-id +enforced +would reject 1 of 1 API +pets\n/);
      fake.answers[path] = { ...(fake.answers[path] as object), commit: 'a'.repeat(40) };
      const unfetched = await runCli(['rules', 'impact', ...at], { cwd: repository.path });
      expect(unfetched.exitCode).toBe(0);
      expect(unfetched.out).toContain(
        'the lint and the checks of the whole were not judged: the files of aaaaaaaa are not in this repository (has it been fetched?)\n',
      );
    } finally {
      repository.remove();
    }
  });

  it('judges the policy of breaking changes by who calls what is live, which refuses nothing now', async () => {
    await live('pets', 'dogs');
    write(
      'rules.yaml',
      ruleSet('warning').replace('  guardrails', '  breaking: { policies: [{ used: block }] }\n  guardrails'),
    );
    const item = { operation: 'x', consumer: 'acme', day: '2026-11-23', calls: 3, errors: 0 };
    fake.answers['/api/usage'] = {
      ...{ environment: 'staging', api: 'pets', knownSince: '2020-01-01T00:00:00.000Z', truncated: false },
      items: [{ ...item, lastAt: '2026-11-23T11:00:00.000Z' }],
    };
    const result = await atConsole();
    expect(result.exitCode).toBe(0);
    expect(result.out).toMatch(
      /breaking +enforced +would reject a change that breaks callers of 2 of 2 APIs +dogs, pets\n/,
    );
  });

  it('judges the lint of the folder itself, by a Spectral ruleset too', async () => {
    write('pets/openapi.yaml', nameless);
    write('rules.yaml', `${lint}  openapi: { rulesets: [./style.yaml] }\n`);
    write(
      'style.yaml',
      'rules:\n  contact: { given: $.info, severity: error, then: { field: contact, function: truthy } }\n',
    );
    const result = await impact('--against', 'folder');
    expect(result).toMatchObject({ exitCode: 1, err: '' });
    expect(result.out).toMatch(/openapi-operation-id +enforced +would reject 1 of 1 API +pets\n/);
    expect(result.out).toMatch(/spectral-contact +enforced +would reject 1 of 1 API +pets\n/);
  });

  it('says so where nothing is live', async () => {
    fake.answers['/api/environments/staging/units'] = {
      ...{ environment: 'staging', snapshot: null, commit: null, since: null },
      ...{ items: [], unreadable: 0, total: 0, next: null },
    };
    expect(await atConsole()).toMatchObject({ exitCode: 0, out: 'staging: nothing is live there\n' });
  });

  it('takes the folder itself where no console is known, and says so', async () => {
    const result = await impact();
    expect(result.exitCode).toBe(1);
    expect(result.err).toContain('No platform is known here');
    expect(result.out).toContain('staging: as the folder compiles\n');
    expect(result.out).toMatch(/would reject 1 of 1 API +pets\n/);
    expect(await impact('--against', 'folder')).toMatchObject({ err: '', out: result.out });
    expect((await impact('--against', 'live')).exitCode).toBe(4);
  });

  it('shows what is wrong with a rule', async () => {
    write('rules.yaml', ruleSet('error').replace('upstream-tls', 'upstream-tsl'));
    const result = await impact('--against', 'folder');
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('Did you mean `upstream-tls`?');
  });

  it('refuses what it cannot judge', async () => {
    expect((await impact('--against', 'folder', '-e', 'nowhere')).err).toContain('It declares: staging.');
    write('rules.yaml', '');
    expect((await impact('--against', 'folder')).err).toContain('no resource of kind RuleSet');
    expect((await impact('--against', 'yesterday')).exitCode).toBe(2);
    expect((await impact('--help')).out).toMatch(/Examples:\n {2}\$ gitway rules impact/);
  });
});
