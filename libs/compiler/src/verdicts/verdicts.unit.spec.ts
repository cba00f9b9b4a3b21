import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { CompileOptions } from '../workspace.ts';

const ruleSet = (spec: string, name = 'house') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const now = new Date('2026-11-20T12:00:00Z');
const nameless = (ignore = '') =>
  openApi('Pets', `  /things:\n    get:\n${ignore}      responses: { '200': { description: ok } }\n`);
const ignored = (until: string, rule = 'openapi-operation-id') =>
  `      x-gitway-ignore: [{ rule: ${rule}, reason: made by hand, until: ${until} }]\n`;

async function compile(files: Record<string, string>, options: Partial<CompileOptions> = {}) {
  const workspace = workspaceOf({ ...smallWorkspace(), 'apis/pets.openapi.yaml': nameless(), ...files });
  const result = await compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers, now, ...options });
  const found = result.findings.map(({ rule, severity }) => `${severity} ${rule}`);
  const live = result.environments.filter(({ digest }) => digest !== null).map(({ name }) => name);
  return { ...result, found, live, passed: result.suppressed.map(({ rule }) => rule) };
}

describe('severities', () => {
  it('a lint rule is as grave as a RuleSet says, and refuses when it is an error', async () => {
    expect(await compile({})).toMatchObject({ found: ['warning openapi-operation-id'], live: ['staging'] });
    const level = (severity: string) => ({ 'rules.yaml': ruleSet(`  rules: { openapi-operation-id: ${severity} }\n`) });
    expect(await compile(level('error'))).toMatchObject({ found: ['error openapi-operation-id'], live: [] });
    expect(await compile(level('info'))).toMatchObject({ found: ['info openapi-operation-id'], live: ['staging'] });
    expect(await compile(level('off'))).toMatchObject({ found: [], live: ['staging'] });
  });

  it.each([
    ['environments: [production]', ['production']],
    ['environments: [staging]', ['staging']],
    ['lifecycle: [deprecated]', []],
    ['lifecycle: [active]', ['production', 'staging']],
    ['visibility: [public]', []],
    ['visibility: [internal], environments: [staging]', ['staging']],
  ])('an override chooses by %s', async (where, refused) => {
    const files = {
      'environments/production.yaml': environment('production'),
      'rules.yaml': ruleSet(`  overrides: [{ rules: [openapi-operation-id], ${where}, severity: error }]\n`),
    };
    const { environments } = await compile(files);
    expect(environments.filter(({ digest }) => digest === null).map(({ name }) => name)).toEqual(refused);
  });

  it('of several RuleSets the gravest counts; an override without `rules` is about what its RuleSet speaks of', async () => {
    const files = {
      'a.yaml': ruleSet('  rules: { openapi-operation-id: "off" }\n', 'a'),
      'b.yaml': ruleSet('  rules: { openapi-operation-id: info }\n', 'b'),
      'c.yaml': ruleSet('  guardrails: [{ use: api-owner }]\n  overrides: [{ severity: error }]\n', 'c'),
    };
    expect((await compile(files)).found).toEqual(['error api-owner', 'info openapi-operation-id']);
  });

  it('the structure of a document may be a matter of judgement; what cannot be read may not', async () => {
    const odd = `openapi: 3.0.3\ninfo: { title: Pets }\npaths: {}\n`;
    const rules = (id: string) => ({ 'rules.yaml': ruleSet(`  rules: { ${id}: warning }\n`) });
    expect((await compile({ 'apis/pets.openapi.yaml': odd })).live).toEqual([]);
    const lenient = await compile({ 'apis/pets.openapi.yaml': odd, ...rules('openapi-structure') });
    expect(lenient).toMatchObject({ found: ['warning openapi-structure'], live: ['staging'] });
    expect(await compile(rules('openapi-syntax'))).toMatchObject({
      findings: [
        expect.objectContaining({ rule: 'rule-fixed', where: expect.objectContaining({ file: 'rules.yaml' }) }),
        {},
      ],
      live: [],
    });
  });

  it('a rule that does not exist is refused, with a suggestion', async () => {
    const { findings } = await compile({ 'rules.yaml': ruleSet('  rules: { openapi-operation-ids: error }\n') });
    expect(findings[0]).toMatchObject({
      rule: 'guardrail-unknown',
      where: { file: 'rules.yaml', range: { line: 5, column: 12 } },
      hint: 'Did you mean `openapi-operation-id`?',
    });
  });
});

describe('suppressions', () => {
  it('cover the object that they stand in, and nothing beside it', async () => {
    const paths = (path: string, ignore = '') =>
      `  ${path}:\n    get:\n${ignore}      responses: { '200': { description: ok } }\n`;
    const document = openApi('Pets', paths('/a/b', ignored('2026-12-31')) + paths('/a~b'));
    const result = await compile({ 'apis/pets.openapi.yaml': document });
    expect(result).toMatchObject({ found: ['warning openapi-operation-id'], counts: { warnings: 1 } });
    expect(result.findings[0]!.where.range!.line).toBe(9);
    expect(result.suppressed).toEqual([
      expect.objectContaining({
        rule: 'openapi-operation-id',
        suppression: {
          reason: 'made by hand',
          until: '2026-12-31',
          where: expect.objectContaining({
            file: 'apis/pets.openapi.yaml',
            range: expect.objectContaining({ line: 6 }),
          }),
        },
      }),
    ]);
    expect(result.findings[0]).not.toHaveProperty('ignoredBy');
    expect(result.environments[0]!.suppressed).toHaveLength(1);
  });

  it('suppress what a RuleSet made an error', async () => {
    const files = {
      'apis/pets.openapi.yaml': nameless(ignored('2026-12-31')),
      'rules.yaml': ruleSet('  rules: { openapi-operation-id: error }\n'),
    };
    expect(await compile(files)).toMatchObject({ found: [], passed: ['openapi-operation-id'], live: ['staging'] });
  });

  it.each([
    ['the last day', '2026-11-20', [], ['openapi-operation-id']],
    ['the day after', '2026-11-19', ['warning ignore-expired', 'warning openapi-operation-id'], []],
    ['a year ahead', '2027-11-20', [], ['openapi-operation-id']],
    ['more than a year ahead', '2027-12-01', ['warning ignore-invalid', 'warning openapi-operation-id'], []],
    ['no day at all', 'soon', ['warning ignore-invalid', 'warning openapi-operation-id'], []],
  ])('work until the day that they name: %s', async (_, until, found, passed) => {
    const result = await compile({ 'apis/pets.openapi.yaml': nameless(ignored(until)) });
    expect([result.found.toSorted(), result.passed]).toEqual([found, passed]);
  });

  it.each(['openapi-unresolved-ref', 'no-such-rule'])('cannot be had for %s', async (rule) => {
    const { found } = await compile({ 'apis/pets.openapi.yaml': nameless(ignored('2026-12-31', rule)) });
    expect(found.toSorted()).toEqual(['warning ignore-invalid', 'warning openapi-operation-id']);
  });

  it('do nothing without a clock', async () => {
    const workspace = workspaceOf({ ...smallWorkspace(), 'apis/pets.openapi.yaml': nameless(ignored('2026-12-31')) });
    const { findings } = await compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers });
    expect(findings.map(({ rule }) => rule)).toEqual(['openapi-operation-id']);
  });

  it('stand in a resource, for it, its fields and its document', async () => {
    const ignoring = (rule: string, field = '') =>
      api('pets').replace(
        '  name: pets\n',
        `  name: pets\n  ignore: [{ rule: ${rule}, reason: agreed with them, until: 2026-12-31${field} }]\n`,
      );
    const rules = { 'rules.yaml': ruleSet('  guardrails: [{ use: upstream-tls }]\n') };
    const passed = async (rule: string, field?: string) =>
      (await compile({ ...rules, 'apis/pets.yaml': ignoring(rule, field) })).passed;
    expect(await passed('openapi-operation-id')).toEqual(['openapi-operation-id']);
    expect(await passed('upstream-tls')).toEqual(['upstream-tls']);
    expect(await passed('upstream-tls', ', field: spec.upstream')).toEqual(['upstream-tls']);
    expect(await passed('upstream-tls', ', field: spec.route')).toEqual([]);
    expect(await passed('openapi-operation-id', ', field: spec.route')).toEqual([]);
  });

  it('stand in a RuleSet, for files', async () => {
    const ignoring = (files: string) => ({
      'rules.yaml': ruleSet(
        `  ignore: [{ rule: openapi-operation-id, reason: old ones, until: 2026-12-31, files: ['${files}'] }]\n`,
      ),
    });
    expect((await compile(ignoring('apis/*.yaml'))).passed).toEqual(['openapi-operation-id']);
    expect((await compile(ignoring('others/'))).found).toEqual(['warning openapi-operation-id', 'info ignore-unused']);
  });

  it('are told of when nothing needs them, once all environments were seen', async () => {
    const files = {
      'apis/pets.openapi.yaml': openApi('Pets'),
      'rules.yaml': ruleSet('  ignore: [{ rule: openapi-operation-id, reason: old ones, until: 2026-12-31 }]\n'),
    };
    expect((await compile(files)).found).toEqual(['info ignore-unused']);
    const other = environment('elsewhere').replace('branch: main', 'branch: other');
    expect((await compile({ ...files, 'environments/elsewhere.yaml': other })).found).toEqual([]);
  });

  it('leave the places of what counts alone: 20 findings of a rule are told of besides those suppressed', async () => {
    const paths = Array.from(
      { length: 30 },
      (_, index) => `  /p${index}:\n    get: { responses: { '200': { description: ok } } }\n`,
    );
    const covered = paths
      .slice(0, 25)
      .map((path) =>
        path.replace(
          'get: {',
          'get: { x-gitway-ignore: { rule: openapi-operation-id, reason: old ones, until: 2026-12-31 },',
        ),
      );
    const result = await compile({
      'apis/pets.openapi.yaml': openApi('Pets', [...covered, ...paths.slice(25)].join('')),
    });
    expect(result.counts.warnings).toBe(5);
    expect(result.suppressed).toHaveLength(25);
  });
});
