import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository } from './testing/sample-repository.ts';

let repository: GitFolder;
beforeAll(() => {
  repository = new GitFolder();
  repository.commit({
    ...goodRepository,
    'rules.yaml':
      'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec: { openapi: { rulesets: [./style/house.yaml] } }\n',
    'style/house.yaml':
      'functions: [title]\nrules: { title: { severity: warn, given: $.info.title, then: { function: title } } }\n',
    'style/functions/title.js': "export default (text) => (text === 'Pets' ? [{ message: 'say more' }] : undefined);\n",
  });
});
afterAll(() => repository.remove());

const allow = '--allow-ruleset-functions';

describe('every command that compiles a folder takes --allow-ruleset-functions', () => {
  it.each([
    { args: ['check', '.', '--base', 'main'], without: 1 },
    { args: ['plan', '--dir', '.', '--base', 'main'], without: 1 },
    { args: ['diff', 'staging', 'production'], without: 2 },
    { args: ['rules', 'impact', '.', '--against', 'folder'], without: 1 },
  ])('$args', async ({ args, without }) => {
    const options = { cwd: repository.path };
    const refused = await runCli(args, options);
    expect(refused.exitCode).toBe(without);
    const taken = await runCli([...args, allow], options);
    expect(taken).toMatchObject({ exitCode: 0 });
    expect(taken.err).not.toContain('does not compile');
    if (args[0] === 'check') expect(taken.out).toContain('spectral-title');
    if (args[0] === 'check') expect(taken.err).toContain('staging was compared with main');
  });
});
