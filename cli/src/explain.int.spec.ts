import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { runCli } from './testing/run-cli.ts';
import { freshRepository, writeFiles } from './testing/sample-repository.ts';

const temp = tempDir();
let folder: string;
const files = {
  'rules/house.yaml': `apiVersion: gitway.dev/v1
kind: RuleSet
metadata: { name: house }
spec:
  openapi: { rulesets: [../.spectral.yaml] }
  guardrails:
    - id: no-slow-upstream
      severity: error
      appliesTo: { kind: Api, lifecycle: [active] }
      expression: api.name != 'slow'
      message: 'API \${api.name} is slow'
      hint: make it faster
    - { use: api-owner, severity: info }
  rules:
    openapi-operation-id: error
    spectral-operation-tags: info
  overrides:
    - { rules: [spectral-title, no-slow-upstream], environments: [staging], severity: 'off' }
`,
  '.spectral.yaml': `extends: [./style/base.yaml, [spectral:oas, off]]
documentationUrl: https://style.example.com
rules:
  operation-tags: warn
  title: error
overrides:
  - { files: ['apis/old/**'], rules: { title: off } }
`,
  'style/base.yaml': `rules:
  title:
    description: Titles say
      what it is.
    message: '{{value}} says nothing'
    severity: hint
    given: [$.info.title, $.info]
    then: { function: pattern, functionOptions: { match: API } }
  unused: { given: $, severity: off, then: { function: truthy } }
`,
};

beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
  writeFiles(folder, files);
});
const explain = (...args: string[]) => runCli(['explain', ...args], { cwd: folder });

describe('gitway explain in a working copy', () => {
  it('tells of a rule of a Spectral ruleset where it stands, what it says and who changed it', async () => {
    const { out, err, exitCode } = await explain('spectral-title');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    for (const part of [
      'Severity: error. `title` of the Spectral ruleset .spectral.yaml.',
      '**Where.** style/base.yaml:2',
      '**What.** Titles say what it is.',
      '**Says.** {{value}} says nothing.',
      '- `$.info.title`\n- `$.info`',
      '"match": "API"',
      '- error at .spectral.yaml:5',
      '- off at .spectral.yaml:7, for apis/old/**',
      '- hint at style/base.yaml:2',
      '- off by RuleSet/house at rules/house.yaml:18, in staging',
    ])
      expect(out).toContain(part);
  });

  it('of one that is built in where it is taken in, with its page', async () => {
    const { out } = await explain('spectral-operation-tags');
    expect(out).toContain('Severity: info; warning of itself.');
    expect(out).toContain('**Where.** .spectral.yaml:1\n');
    expect(out).toContain('**More.** https://');
    expect(out).toContain('- info by RuleSet/house at rules/house.yaml:16');
  });

  it('of a guardrail the expression, what it looks at and where it stands', async () => {
    const { out } = await explain('no-slow-upstream');
    for (const part of [
      'Severity: error. A guardrail of RuleSet/house.',
      '**Where.** rules/house.yaml:7',
      "```cel\napi.name != 'slow'\n```",
      'every Api in lifecycle active',
      '**What to do.** make it faster.',
    ])
      expect(out).toContain(part);
  });

  it("of Gitway's own rules who changed them there", async () => {
    expect((await explain('openapi-operation-id')).out).toContain('- error by RuleSet/house at rules/house.yaml:15');
    expect((await explain('api-owner')).out).toContain('- info by RuleSet/house at rules/house.yaml:13');
    expect((await explain('unknown-field')).out).not.toContain('In RuleSets');
  });

  it('tells programs the same', async () => {
    expect(JSON.parse((await explain('spectral-title', '--json')).out)).toMatchObject({
      from: 'spectral',
      severity: 'error',
      where: { file: 'style/base.yaml', range: { line: 2 } },
      spectral: { name: 'title', given: ['$.info.title', '$.info'], checks: { function: 'pattern' } },
      changed: [{ severity: 'off', environments: ['staging'], where: { file: 'rules/house.yaml' } }],
    });
    expect(JSON.parse((await explain('openapi-operation-id', '--json')).out)).toMatchObject({
      from: 'compiler',
      changed: [{ severity: 'error', by: 'RuleSet/house' }],
    });
  });

  it('lists them among all, and suggests them', async () => {
    const { items } = JSON.parse((await explain('--json')).out) as { items: { id: string; from: string }[] };
    for (const id of ['spectral-title', 'spectral-operation-tags', 'no-slow-upstream', 'unknown-field'])
      expect(items.map((item) => item.id)).toContain(id);
    expect((await explain('spectral-titel')).err).toContain('Did you mean spectral-title?');
    expect((await explain('no-slow-upsteam')).err).toContain('Did you mean no-slow-upstream?');
  });

  it('takes the folder from --dir, and knows of none elsewhere', async () => {
    const elsewhere = { cwd: temp.path() };
    expect((await runCli(['explain', 'spectral-title', '--dir', 'repository'], elsewhere)).exitCode).toBe(0);
    writeFiles(join(temp.path(), 'empty'), { 'a.yaml': 'kind: Other\n' });
    const unknown = await runCli(['explain', 'spectral-title'], { cwd: join(temp.path(), 'empty') });
    expect(unknown).toMatchObject({ exitCode: 2, out: '' });
    expect(unknown.err).toContain('known with --dir');
    expect((await explain('spectral-title', '--dir', './nowhere')).exitCode).toBe(2);
  });

  it('tells of what it knows where a ruleset is wrong, and says that there may be more', async () => {
    writeFiles(folder, { '.spectral.yaml': 'rules: [\n', 'style/base.yaml': '\u001B[31m' });
    const { out, err, exitCode } = await explain('no-slow-upstream');
    expect(exitCode).toBe(0);
    expect(out).toContain('# no-slow-upstream');
    expect(err).toContain('Rules may be missing: gitway check says what is wrong.');
  });

  it('lets nothing of a file control the terminal', async () => {
    const hostile =
      'rules: { x: { description: "\\e[2J\\u202Ex", given: "$", message: "\\e]0;t\\a", then: { function: truthy, field: "\\e[31m" } } }\n';
    writeFiles(folder, { '.spectral.yaml': hostile });
    const { out } = await explain('spectral-x');
    expect(out).toContain('# spectral-x');
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u001B\u0007\u202E]/);
  });
});
