import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { redirectTo, useWebServer } from '@gitway/testing';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository } from './testing/sample-repository.ts';

const web = useWebServer();
let repository: GitFolder;
const document = goodRepository['apis/pets/openapi.yaml']!;

beforeEach(() => {
  repository = new GitFolder();
  web.answer({ '/ok.yaml': 'description: ok\n' });
  repository.commit({
    ...goodRepository,
    'apis/pets/openapi.yaml': document.replace('{ description: ok }', `{ $ref: '${web.url('/ok.yaml')}' }`),
  });
});
afterEach(() => repository.remove());

const check = async (...args: string[]) => {
  const { exitCode, out, err } = await runCli(['check', repository.path, '--json', ...args]);
  return { exitCode, err, findings: out === '' ? [] : (JSON.parse(out) as { findings: Finding[] }).findings };
};
const allow = (host = `http://${web.host()}`) => ['--allow-remote-ref', host];

describe('gitway check with references to other servers', () => {
  it('asks nobody who is not named, and says what to name', async () => {
    const { exitCode, findings } = await check(...allow('schemas.example.com'));
    expect(exitCode).toBe(1);
    expect(findings).toMatchObject([
      { rule: 'openapi-ref', where: { file: 'apis/pets/openapi.yaml', range: { line: 7 } } },
    ]);
    expect(findings[0]!.message).toContain(`\`http://${web.host()}\` is not allowed`);
    expect(findings[0]!.hint).toContain('--allow-remote-ref');
    expect(web.asked).toEqual([]);
  });

  it('follows them where they are allowed, several hosts too, and asks again the next time', async () => {
    expect(await check(...allow('schemas.example.com'), ...allow())).toMatchObject({ exitCode: 0, findings: [] });
    web.answer({ '/ok.yaml': redirectTo('http://127.0.0.1:1/ok.yaml') });
    const { exitCode, findings } = await check(...allow());
    expect(exitCode).toBe(1);
    expect(findings[0]!.message).toContain('it leads to `127.0.0.1:1`, which is not allowed');
  });

  it('shows the lines of the repository, whatever is wrong on the other server', async () => {
    web.answer({ '/ok.yaml': 'description: 1\n' });
    const { exitCode, out } = await runCli(['check', repository.path, ...allow()]);
    expect(exitCode).toBe(1);
    expect(out).toContain('apis/pets/openapi.yaml:7');
    expect(out).toContain(`${web.url('/ok.yaml')}:1:`);
  });

  it('takes rulesets that the repository extends from there', async () => {
    repository.write({
      'rules.yaml':
        'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  openapi: { rulesets: [./.spectral.yaml] }\n',
      '.spectral.yaml': `extends: ${web.url('/rules.yaml')}\n`,
    });
    web.answer({
      '/rules.yaml': 'rules: { house-style: { given: $.info, then: { field: contact, function: truthy } } }\n',
    });
    const { findings } = await check(...allow());
    expect(findings.map(({ rule }) => rule)).toEqual(['spectral-house-style']);
  });

  it.each([
    ['https://schemas.example.com/pets.yaml', 'holds a path'],
    ['*.example.com', 'is a pattern'],
    ['ftp://example.com', 'has another scheme'],
  ])('does not take %s for a host', async (host, problem) => {
    const { exitCode, err } = await check(...allow(host));
    expect(exitCode).toBe(2);
    expect(err).toContain(problem);
  });
});

describe('other commands that compile a folder', () => {
  it('follow them in both of what they compare', async () => {
    const refused = await runCli(['plan', '--dir', repository.path, '--json']);
    expect(refused.exitCode).toBe(1);
    expect(await runCli(['plan', '--dir', repository.path, ...allow()])).toMatchObject({ exitCode: 0 });
    expect(web.paths()).toEqual(['/ok.yaml']);
    expect(await runCli(['diff', 'staging', 'production', '--dir', repository.path, ...allow()])).toMatchObject({
      exitCode: 0,
    });
    expect(await check('--base', 'main', ...allow())).toMatchObject({
      exitCode: 0,
      findings: [],
      err: expect.stringContaining('production was compared with main') as unknown as string,
    });
  });
});
