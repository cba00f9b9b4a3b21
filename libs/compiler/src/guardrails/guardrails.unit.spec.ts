import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { api, environment, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { CompileOptions } from '../workspace.ts';

const ruleSet = (spec: string, name = 'house') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const own = (expression: string, more = '') => `    - id: own-rule
      appliesTo: { kind: Api }
      expression: ${expression}
      message: Api \${api.name} is wrong.
${more}`;

async function compile(files: Record<string, string>, options: Partial<CompileOptions> = {}) {
  const workspace = workspaceOf({ ...smallWorkspace(), ...files });
  const result = await compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers, ...options });
  const found = result.findings.map(({ rule, severity }) => `${severity} ${rule}`);
  const live = result.environments.filter(({ digest }) => digest !== null).map(({ name }) => name);
  return { ...result, found, live };
}

describe('RuleSets', () => {
  it('nothing is in force without one', async () => {
    expect((await compile({})).found).toEqual([]);
  });

  it('an error refuses the environment, a warning does not', async () => {
    const rule = (severity: string) => ({
      'rules.yaml': ruleSet(`  guardrails:\n    - use: upstream-tls\n      severity: ${severity}\n`),
    });
    expect(await compile(rule('warning'))).toMatchObject({ found: ['warning upstream-tls'], live: ['staging'] });
    expect(await compile(rule('error'))).toMatchObject({ found: ['error upstream-tls'], live: [] });
    expect(await compile(rule('off'))).toMatchObject({ found: [], live: ['staging'] });
  });

  it('says where: the field of the resource that the rule is about', async () => {
    const { findings } = await compile({ 'rules.yaml': ruleSet('  guardrails:\n    - use: upstream-tls\n') });
    expect(findings[0]).toMatchObject({
      where: { file: 'apis/pets.yaml', range: { line: 10 }, object: 'Api/pets', field: 'spec.upstream.pools' },
      message: 'Api pets speaks to an upstream in clear.',
      hint: 'Use `https://` for every target.',
    });
  });

  it('points into the file of the environment too', async () => {
    const { findings } = await compile({
      'environments/staging.yaml': environment('staging', '  drift: { mode: alert }\n'),
      'rules.yaml': ruleSet('  guardrails:\n    - use: environment-drift-heals\n    - use: api-owner\n'),
    });
    expect(findings.map(({ rule, where }) => [rule, where.file, where.field])).toEqual([
      ['api-owner', 'apis/pets.yaml', 'metadata.name'],
      ['environment-drift-heals', 'environments/staging.yaml', 'spec.drift.mode'],
    ]);
  });

  it('takes in the whole library, and leaves out what a later entry leaves out', async () => {
    const all = await compile(
      { 'rules.yaml': ruleSet('  guardrails:\n    - use: all\n') },
      { now: new Date('2026-01-01T00:00:00Z') },
    );
    expect(all.found).toContain('warning upstream-tls');
    expect(all.found).not.toContain('warning guardrail-failed');
    const some = await compile({
      'rules.yaml': ruleSet('  guardrails:\n    - use: all\n      severity: off\n    - use: api-owner\n'),
    });
    expect(some.found).toEqual(['warning api-owner']);
  });

  it('overrides by environment, lifecycle and visibility; the last that fits wins', async () => {
    const files = {
      'environments/production.yaml': environment('production'),
      'apis/pets.yaml': api('pets', '  lifecycle: experimental\n'),
    };
    const rules = (overrides: string) =>
      ruleSet(`  guardrails:\n${own('size(api.plans) > 0', '      severity: error\n')}  overrides:\n${overrides}`);
    const staging = { ...files, 'rules.yaml': rules('    - { environments: [staging], severity: warning }\n') };
    expect(await compile(staging)).toMatchObject({
      found: ['error own-rule', 'warning own-rule'],
      live: ['staging'],
    });
    const last =
      '    - { severity: off }\n    - { lifecycle: [experimental], visibility: [internal], severity: info }\n';
    expect((await compile({ ...files, 'rules.yaml': rules(last) })).found).toEqual(['info own-rule']);
    const other = '    - { rules: [own-rule], visibility: [public], severity: off }\n';
    expect((await compile({ ...files, 'rules.yaml': rules(other) })).found).toEqual(['error own-rule']);
  });

  it('the gravest of several RuleSets counts', async () => {
    const rule = (name: string, severity: string) =>
      ruleSet(`  guardrails:\n    - { use: api-owner, severity: ${severity} }\n`, name);
    const files = { 'a.yaml': rule('a', 'info'), 'b.yaml': rule('b', 'error'), 'c.yaml': rule('c', 'off') };
    expect((await compile(files)).found).toEqual(['error api-owner']);
  });

  it('points at the characters of an expression that is wrong, and refuses every environment', async () => {
    const wrong = ruleSet(`  guardrails:
    - id: own-rule
      appliesTo: { kind: Api }
      expression: |
        has(api.owner) &&
        size(api.policy.rateLimit) < 5
      message: Api \${api.nam} is wrong.
`);
    const { findings, live } = await compile({ 'rules.yaml': wrong });
    expect(live).toEqual([]);
    expect(findings.map(({ message, where }) => [message, where])).toEqual([
      [
        '`rateLimit` is not a field of Policy.',
        {
          file: 'rules.yaml',
          range: { line: 10, column: 25, endLine: 10, endColumn: 34 },
          object: 'RuleSet/house',
          field: 'spec.guardrails.0.expression',
        },
      ],
      [
        '`nam` is not a field of Api.',
        expect.objectContaining({ range: { line: 11, column: 26, endLine: 11, endColumn: 29 } }),
      ],
    ]);
    expect(findings[0]!.hint).toContain('Did you mean `rateLimits`? Its fields are: auth, rateLimits, timeouts,');
  });

  it.each([
    ['    - use: api-ownr\n', 'guardrail-unknown', 'api-owner'],
    ['    - { use: api-owner, id: x }\n', 'invalid-value', 'not for rules taken in'],
    ['    - { severity: error }\n', 'missing-field', 'use'],
    ['    - { id: x, appliesTo: { kind: Api }, message: m }\n', 'missing-field', 'expression'],
    [
      '    - { id: x, appliesTo: { kind: Plan, labels: { a: b } }, expression: "true", message: m }\n',
      'invalid-value',
      'only an Api has',
    ],
    [
      '    - { id: x, appliesTo: { kind: Api, environments: [prod] }, expression: "true", message: m }\n',
      'unknown-reference',
      'prod',
    ],
    [
      '    - { id: api-owner, appliesTo: { kind: Api }, expression: "true", message: m }\n',
      'guardrail-duplicate',
      'starter library',
    ],
    [
      '    - { id: unknown-field, appliesTo: { kind: Api }, expression: "true", message: m }\n',
      'guardrail-duplicate',
      'Gitway itself',
    ],
    ['    - use: api-owner\n  overrides: [{ rules: [api-tls], severity: off }]\n', 'guardrail-unknown', 'api-tls'],
    ['    - use: api-owner\n  override: []\n', 'unknown-field', 'overrides'],
  ])('refuses %j', async (entries, rule, said) => {
    const { findings } = await compile({ 'rules.yaml': ruleSet(`  guardrails:\n${entries}`) });
    expect(findings[0]).toMatchObject({ rule, severity: 'error', where: { file: 'rules.yaml' } });
    expect(`${findings[0]!.message} ${findings[0]!.hint}`).toContain(said);
  });

  it('needs to be told the time by whoever compiles', async () => {
    const files = { 'rules.yaml': ruleSet(`  guardrails:\n${own('now > timestamp("2026-01-01T00:00:00Z")')}`) };
    expect((await compile(files)).found).toEqual(['warning guardrail-failed']);
    expect((await compile(files, { now: new Date('2026-02-01T00:00:00Z') })).found).toEqual([]);
    expect((await compile(files, { now: new Date('2025-02-01T00:00:00Z') })).found).toEqual(['warning own-rule']);
  });

  it('finds the same with what was computed before, after every change', async () => {
    const cache = new MemoryCache();
    const rules = { 'rules.yaml': ruleSet('  guardrails:\n    - use: all\n') };
    const changes: Record<string, string>[] = [
      rules,
      { ...rules, 'apis/pets.yaml': api('pets', '  visibility: public\n') },
      { 'rules.yaml': ruleSet('  guardrails:\n    - { use: api-owner, severity: error }\n') },
      rules,
    ];
    const options = { now: new Date('2026-01-01T00:00:00Z') };
    for (const files of changes) {
      const warm = await compile(files, { ...options, cache });
      const cold = await compile(files, options);
      expect(warm.findings).toEqual(cold.findings);
      expect(warm.environments.map(({ digest }) => digest)).toEqual(cold.environments.map(({ digest }) => digest));
    }
  });
});
