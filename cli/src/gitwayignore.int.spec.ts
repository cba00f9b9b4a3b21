import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { goodRepository } from './testing/sample-repository.ts';

const clone = fileURLToPath(new URL('../../', import.meta.url));

describe('the clone of Gitway itself', () => {
  it('is checked without a finding: what are templates is named in .gitwayignore', async () => {
    const { exitCode, out } = await runCli(['check', clone, '--strict', '--no-cache']);
    expect(out).toContain('staging: validated');
    expect(exitCode).toBe(0);
  });

  it('has the smallest repository as the README shows it', () => {
    const readme = readFileSync(join(clone, 'README.md'), 'utf8');
    for (const file of ['platform.yaml', 'openapi.yaml']) {
      expect(readme).toContain(readFileSync(join(clone, 'examples/smallest', file), 'utf8'));
    }
  });
});

describe('.gitwayignore', () => {
  const repository = new GitFolder();
  const template = 'image: {{ .Values.image }\n  - [';
  beforeAll(() => {
    repository.commit({
      ...goodRepository,
      'charts/edge/values.yaml': template,
      'charts/gateway/plan.yaml': 'apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: charted }\nspec: {}\n',
      '.gitwayignore': '/charts/*\n!/charts/gateway/\n',
    });
  });
  afterAll(() => repository.remove());

  it('decides alike in a folder and in a commit, what it takes back included', async () => {
    const check = await runCli(['check', repository.path, '--no-cache', '--format', 'json']);
    const { findings } = JSON.parse(check.out) as { findings: { where: { file: string; object?: string } }[] };
    expect(check.exitCode).toBe(0);
    expect(new Set(findings.map(({ where }) => where.file))).toEqual(new Set(['charts/gateway/plan.yaml']));
    repository.write({ 'charts/edge/more.yaml': template });
    const plan = await runCli(['plan', '--dir', repository.path, '--base', 'HEAD']);
    expect(plan).toMatchObject({ exitCode: 0 });
    expect(plan.out).not.toContain('refused');
  });

  it('is seen at once when it changes, and one that cannot be followed refuses', async () => {
    repository.write({ '.gitwayignore': '/charts/gateway/\n' });
    const without = await runCli(['check', repository.path, '--no-cache']);
    expect(without).toMatchObject({ exitCode: 1 });
    expect(without.out).toContain('unreadable-file charts/edge/values.yaml');
    repository.write({ '.gitwayignore': `/charts/\n${'*a'.repeat(200)}\n` });
    const refused = await runCli(['check', repository.path, '--no-cache']);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.out).toContain('error ignore-file .gitwayignore');
  });
});
