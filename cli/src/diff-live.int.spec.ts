import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, type Unit } from '@gitway/contracts';
import { compileFiles } from './testing/compile-files.ts';
import { FakeConsole, token } from './testing/fake-console.ts';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository } from './testing/sample-repository.ts';

const fake = new FakeConsole();
let folder: GitFolder;
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => {
  fake.reset();
  folder = new GitFolder();
  folder.commit(goodRepository);
});
afterEach(() => folder.remove());

const diff = (...args: string[]) =>
  runCli(['diff', ...args, '--url', fake.url, '--token', token], { cwd: folder.path });

/** The console says that these files run there. */
async function runs(environment: string, files: Record<string, string>, more: Record<string, unknown> = {}) {
  const { environments } = await compileFiles(files);
  const items: Unit[] = [...environments.find(({ name }) => name === environment)!.units.values()];
  fake.answers[`/api/environments/${environment}/units`] = {
    environment,
    snapshot: digestOf(items),
    commit: 'a'.repeat(40),
    since: '2026-11-23T12:00:00.000Z',
    unreadable: 0,
    items,
    total: items.length,
    next: null,
    ...more,
  };
}

const api = goodRepository['apis/pets/api.yaml']!;
const moved = { ...goodRepository, 'apis/pets/api.yaml': api.replace('/pets }', '/animals }') };

describe('gitway diff --live', () => {
  it('compares what runs: declared differences end with 0', async () => {
    await runs('staging', goodRepository);
    await runs('production', goodRepository);
    const { exitCode, out } = await diff('staging', 'production', '--live');
    expect(out).toMatch(/✔ nothing differs but what is declared {2}staging, production/);
    expect(exitCode).toBe(0);
    expect(fake.asked.map(({ path }) => path)).toEqual([
      '/api/environments/staging/units',
      '/api/environments/production/units',
    ]);
  });

  it('finds what the folder knows nothing of, with exit code 1 and the JSON of the folder form', async () => {
    await runs('staging', moved);
    await runs('production', goodRepository);
    expect((await diff('staging', 'production')).exitCode).toBe(0);
    const { exitCode, out } = await diff('staging', 'production', '--live', '--undeclared', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      environments: ['staging', 'production'],
      undeclared: 1,
      differences: [{ unit: 'api pets', field: 'route.basePath', values: ['/animals', '/pets'], declared: false }],
    });
  });

  it('claims nothing of what it cannot see', async () => {
    await runs('staging', goodRepository);
    await runs('production', goodRepository, { unreadable: 2 });
    const parts = await diff('staging', 'production', '--live');
    expect(parts.exitCode).toBe(2);
    expect(parts.err).toContain('2 parts of what is live in environment production cannot be read');
    await runs('production', goodRepository, { snapshot: null, commit: null, since: null, items: [], total: 0 });
    const nothing = await diff('staging', 'production', '--live');
    expect(nothing.exitCode).toBe(2);
    expect(nothing.err).toContain('Nothing is live in environment production.');
    fake.away = true;
    const away = await diff('staging', 'production', '--live');
    expect(away).toMatchObject({ exitCode: 4, out: '' });
  });
});
