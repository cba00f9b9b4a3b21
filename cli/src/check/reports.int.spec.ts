import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkAnswerSchema } from '@gitway/compiler';
import { tempDir } from '@gitway/testing';
import { runCli } from '../testing/run-cli.ts';
import {
  brokenApi,
  freshRepository,
  goodRepository,
  namelessOperation,
  writeFiles,
} from '../testing/sample-repository.ts';

const temp = tempDir();
let folder: string;
beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
});
const check = (...args: string[]) => runCli(['check', '.', ...args], { cwd: folder });
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('gitway check --format', () => {
  it('answers in each format', async () => {
    writeFiles(folder, { 'apis/pets/api.yaml': brokenApi });
    const marks = {
      text: 'error unknown-field apis/pets/api.yaml:6:3',
      json: '"rule": "unknown-field"',
      sarif: '"ruleId": "unknown-field"',
      junit: '<testcase classname="apis/pets/api.yaml" name="unknown-field"',
      github: '::error file=apis/pets/api.yaml,line=6,endLine=6,col=3,',
      gitlab: '"check_name": "unknown-field"',
      lsp: '"code": "unknown-field"',
    };
    for (const [format, mark] of Object.entries(marks)) {
      const result = await check('--format', format);
      expect([format, result.exitCode, result.err]).toEqual([format, 1, '']);
      expect(result.out).toContain(mark);
    }
  });

  it('keeps the shape of --json', async () => {
    const answer = checkAnswerSchema.strict().parse(JSON.parse((await check('--json')).out));
    expect(answer).toMatchObject({ version: 1, refused: false, findings: [] });
    expect(answer.environments.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['production', 'validated'],
      ['staging', 'validated'],
    ]);
  });

  it('gives editors absolute places and the pages of rules that are there', async () => {
    writeFiles(folder, { 'apis/pets/api.yaml': brokenApi });
    const { files } = JSON.parse((await check('--format', 'lsp')).out) as {
      files: { uri: string; diagnostics: { code: string; codeDescription: { href: string } }[] }[];
    };
    expect(files[0]!.uri).toMatch(/^file:\/\/\/.*\/repository\/apis\/pets\/api\.yaml$/);
    for (const { code, codeDescription } of files[0]!.diagnostics) {
      expect(readFileSync(new URL(codeDescription.href), 'utf8')).toContain(`# ${code}`);
    }
  });

  it('says where the pages of rules are, and where the folder lies', async () => {
    writeFiles(folder, { 'apis/pets/api.yaml': brokenApi });
    const url = 'https://git.example.com/docs/rules/{rule}.md';
    const { out } = await check('--format', 'sarif', '--rule-url', url, '--prefix', 'platform/');
    expect(out).toContain('"helpUri": "https://git.example.com/docs/rules/unknown-field.md"');
    expect(out).toContain('"uri": "platform/apis/pets/api.yaml"');
    for (const bad of ['ftp://x/{rule}', 'https://x/', '{rule}']) {
      expect(await check('--rule-url', bad)).toMatchObject({ exitCode: 2, out: '' });
    }
  });

  it('refuses a format that is none, and says which was meant', async () => {
    const result = await check('--format', 'sarf');
    expect(result).toMatchObject({ exitCode: 2, out: '' });
    expect(result.err).toContain('Did you mean `sarif`?');
  });
});

describe('gitway check --output', () => {
  it('writes several reports of one check', async () => {
    writeFiles(folder, { 'apis/pets/api.yaml': brokenApi });
    const result = await check(
      '--format',
      'text',
      '--format',
      'sarif',
      '-o',
      'out/gitway.sarif',
      '-o',
      'out/gitway.json',
      '-f',
      'json',
    );
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('✘ refused');
    expect(JSON.parse(read('out/gitway.sarif'))).toMatchObject({ version: '2.1.0' });
    expect(JSON.parse(read('out/gitway.json'))).toMatchObject({ refused: true });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['gitway.json', 'gitway.sarif']);
  });

  it('writes no colours to a file, and leaves the verdict on standard error', async () => {
    writeFiles(folder, { 'apis/pets/api.yaml': brokenApi });
    const result = await runCli(['check', folder, '-o', 'report.txt'], { cwd: folder, color: true });
    expect(result).toMatchObject({ exitCode: 1, out: '', err: '✘ refused  (2 errors, 0 warnings)\n' });
    expect(read('report.txt')).toContain('error unknown-field');
    expect(read('report.txt')).not.toContain('\u001B');
  });

  it('does not take its own report for a file of the repository', async () => {
    writeFiles(folder, { 'report.json': '{ "apiVersion": "gitway.dev/v1", "kind": "Nonsense" }' });
    expect((await check()).exitCode).toBe(1);
    expect((await check('--format', 'json', '--output', 'report.json')).exitCode).toBe(0);
  });

  it('says what cannot be written, and what would be written twice', async () => {
    mkdirSync(join(folder, 'there'));
    const folderThere = await check('--output', 'there');
    expect(folderThere).toMatchObject({ exitCode: 2, out: '' });
    expect(folderThere.err).toContain('cannot be written');
    expect(await check('-f', 'text', '-f', 'json')).toMatchObject({ exitCode: 2, out: '' });
    expect(await check('-f', 'json', '-o', 'x', '-f', 'text', '-o', 'x')).toMatchObject({ exitCode: 2, out: '' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('gitway check and guardrails', () => {
  it('judges by the day, and describes the rules that it names', async () => {
    const ruleSet = `apiVersion: gitway.dev/v1
kind: RuleSet
metadata: { name: house-rules }
spec: { guardrails: [{ use: sunset-in-future, severity: warning }] }
`;
    // Tests run on 2026-11-23.
    const until = (day: string) =>
      goodRepository['apis/pets/api.yaml']!.replace('name: pets }', `name: pets, labels: { sunset: '${day}' } }`);
    writeFiles(folder, { 'rules.yaml': ruleSet, 'apis/pets/api.yaml': until('2026-11-22') });
    const { out, exitCode } = await check('--format', 'sarif', '--strict');
    expect(exitCode).toBe(1);
    const { runs } = JSON.parse(out) as {
      runs: { automationDetails: { id: string }; tool: { driver: { rules: object[] } }; results: object[] }[];
    };
    expect(runs.map((run) => [run.automationDetails.id, run.results.length])).toEqual([
      ['gitway/check/', 0],
      ['gitway/check/production/', 1],
      ['gitway/check/staging/', 1],
    ]);
    expect(runs[1]!.tool.driver.rules).toMatchObject([
      { id: 'sunset-in-future', help: { markdown: expect.stringContaining('# sunset-in-future') } },
    ]);
    writeFiles(folder, { 'apis/pets/api.yaml': until('2026-11-24') });
    expect((await check('--strict')).exitCode).toBe(0);
  });
});

describe('gitway check and severity', () => {
  it('refuses more warnings than are allowed', async () => {
    writeFiles(folder, { 'apis/pets/openapi.yaml': namelessOperation });
    expect((await check()).exitCode).toBe(0);
    expect((await check('--max-warnings', '1')).exitCode).toBe(0);
    expect((await check('--max-warnings', '0')).exitCode).toBe(1);
    expect((await check('--strict')).exitCode).toBe(1);
    expect((await check('--max-warnings', 'many')).exitCode).toBe(2);
  });

  it('shows from a severity on, counts everything, and says so', async () => {
    writeFiles(folder, { 'apis/pets/openapi.yaml': namelessOperation });
    const result = await check('--severity', 'error', '--strict');
    expect(result.exitCode).toBe(1);
    expect(result.out).toBe(
      '✘ refused  production: validated, staging: validated  (0 errors, 1 warning, 1 finding not shown)\n',
    );
    expect(JSON.parse((await check('--severity', 'error', '--json')).out)).toMatchObject({
      findings: [],
      counts: { warnings: 1 },
    });
    expect((await check('--severity', 'fatal')).exitCode).toBe(2);
  });

  it('documents its exit codes and formats', async () => {
    const { out } = await runCli(['check', '--help']);
    expect(out).toContain('Exit codes: 0');
    for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'lsp']) {
      expect(out).toMatch(new RegExp(`^  ${format} `, 'm'));
    }
  });
});
