import { afterEach, describe, expect, it } from '@jest/globals';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository } from './testing/sample-repository.ts';

const api = goodRepository['apis/pets/api.yaml']!;

describe('gitway diff', () => {
  const folders: GitFolder[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });
  function repository(): GitFolder {
    const folder = new GitFolder();
    folders.push(folder);
    folder.commit(goodRepository);
    return folder;
  }
  const diff = (folder: GitFolder, ...args: string[]) => runCli(['diff', ...args], { cwd: folder.path });

  it('tells what differs and which declaration makes it differ; exit code 0', async () => {
    const { exitCode, out } = await diff(repository(), 'staging', 'production');
    expect(exitCode).toBe(0);
    expect(out).toContain('environment\n');
    expect(out).toMatch(/ {4}by promoteFrom of Environment\/production \(\S+:\d+\)/);
    expect(out).toMatch(/✔ nothing differs but what is declared {2}staging, production {2}\(\d+ declared\)\n$/);
  });

  it('compares branches, and finds what nobody declared; exit code 1', async () => {
    const folder = repository();
    folder.write({ 'apis/pets/api.yaml': api.replace('/pets }', '/animals }') });
    const { exitCode, out } = await diff(folder, 'staging', 'staging@main');
    expect(exitCode).toBe(1);
    expect(out).toContain('route.basePath: /animals in staging, /pets in staging@main');
    expect(out).toContain('nobody declared it: Api/pets (apis/pets/api.yaml:');
    const json = await diff(folder, 'staging', 'staging@main', '--undeclared', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      version: 1,
      environments: ['staging', 'staging@main'],
      undeclared: 1,
      differences: [{ unit: 'api pets', field: 'route.basePath', values: ['/animals', '/pets'], declared: false }],
    });
  });

  it.each([
    [['staging', 'prod'], 'declares no environment prod. It declares: production, staging.'],
    [['staging', 'staging@nowhere'], 'nowhere is no commit of this repository'],
    [['staging'], "missing required argument 'other'"],
  ])('%j: exit code 2', async (args, message) => {
    const { exitCode, err } = await diff(repository(), ...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });

  it('does not compare an environment that would be refused', async () => {
    const folder = repository();
    folder.write({ 'apis/pets/api.yaml': api.replace('/pets }', 'pets }') });
    const { exitCode, err } = await diff(folder, 'staging', 'production');
    expect(exitCode).toBe(2);
    expect(err).toContain('Environment staging would be refused, with 1 error');
  });
});
