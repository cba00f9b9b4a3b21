import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { kinds } from '@gitway/resources';
import { tempDir } from '@gitway/testing';
import { runCli } from './testing/run-cli.ts';

const temp = tempDir();
const shipped = (name: string) =>
  readFileSync(new URL(`../../libs/resources/schemas/${name}`, import.meta.url), 'utf8');

describe('gitway schema', () => {
  it('prints the schema of any resource, and of one kind, however it is written', async () => {
    expect(await runCli(['schema'])).toMatchObject({ exitCode: 0, out: shipped('gitway.json') });
    expect((await runCli(['schema', 'Plan'])).out).toBe(shipped('plan.json'));
    expect((await runCli(['schema', 'ruleset'])).out).toBe(shipped('ruleset.json'));
  });

  it('says which kind was meant', async () => {
    const wrong = await runCli(['schema', 'Consumre']);
    expect(wrong).toMatchObject({ exitCode: 2, out: '' });
    expect(wrong.err).toContain('There is no kind Consumre. Did you mean `Consumer`?');
  });

  it('writes all of them', async () => {
    const folder = join(temp.path(), 'a', 'schemas');
    const { out, exitCode } = await runCli(['schema', '--write', folder, '--json']);
    expect(exitCode).toBe(0);
    expect(readdirSync(folder)).toHaveLength(kinds.length + 1);
    expect((JSON.parse(out) as { files: string[] }).files).toContain(join(folder, 'gitway.json'));
    expect(readFileSync(join(folder, 'api.json'), 'utf8')).toBe(shipped('api.json'));
  });

  it('refuses a kind beside --write, and a folder that is none', async () => {
    expect((await runCli(['schema', 'Api', '--write', temp.path()])).exitCode).toBe(2);
    writeFileSync(join(temp.path(), 'file'), '');
    const wrong = await runCli(['schema', '--write', join(temp.path(), 'file')]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.err).toContain('cannot be written');
  });

  it('shows in its help how an editor is told', async () => {
    const { out } = await runCli(['schema', '--help']);
    expect(out).toContain('Examples:');
    expect(out).toContain('# yaml-language-server: $schema=');
  });
});
