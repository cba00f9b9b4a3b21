import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import {
  api,
  consumer,
  environment,
  openApi,
  permissiveDrivers,
  plan,
  smallWorkspace,
  workspaceOf,
} from '../testing/workspace.ts';
import { changedRules, ruleDigests } from './rule-changes.ts';
import { impactFindings, ruleImpact } from './rule-impact.ts';

const now = new Date('2026-11-20T12:00:00Z');
const ruleSet = (spec: string, name = 'house') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const guardrails = (entries: string, more = '') => ({ 'rules.yaml': ruleSet(`  guardrails:\n${entries}${more}`) });
const tls = (severity = 'error') => guardrails(`    - { use: upstream-tls, severity: ${severity} }\n`);

const compile = (files: Record<string, string>) =>
  compileWorkspace(workspaceOf(files), { branch: 'main', drivers: permissiveDrivers, now });

/** What is live was let pass by the rules of its day: there were none. */
async function live() {
  const files = {
    ...smallWorkspace(),
    'environments/production.yaml': environment('production'),
    'apis/dogs.yaml': api('dogs', '  lifecycle: experimental\n').replace('http://', 'https://'),
    'apis/dogs.openapi.yaml': openApi('Dogs'),
    'apis/cats.yaml': api('cats', '  lifecycle: experimental\n'),
    'apis/cats.openapi.yaml': openApi('Cats'),
    'plans.yaml': plan('free'),
    'consumers.yaml': [consumer('acme', 'a'.repeat(64)), consumer('zenith', 'b'.repeat(64))].join('---\n'),
  };
  const { environments } = await compile(files);
  return [...environments.find(({ name }) => name === 'production')!.units.values()];
}

async function impactOf(files: Record<string, string>) {
  const result = await compile({ ...smallWorkspace(), 'production.yaml': environment('production'), ...files });
  const { levels } = result.verdicts;
  const impacts = await ruleImpact(result.guardrails, levels, await live(), { environment: 'production', now });
  return { impacts, findings: impactFindings(impacts, (rule) => levels.placeOf(rule)) };
}

describe('what rules say of what is live', () => {
  it('is one finding for each rule, with whom it would hit, at the place of the rule', async () => {
    const { impacts, findings } = await impactOf(tls());
    expect(impacts).toMatchObject([
      { rule: 'upstream-tls', total: 3, rejects: [{ name: 'cats' }, { name: 'pets' }], warns: [], trial: false },
    ]);
    expect(findings).toEqual([
      {
        rule: 'rule-set-impact',
        severity: 'warning',
        where: expect.objectContaining({ file: 'rules.yaml', object: 'RuleSet/house', field: 'spec.guardrails.0' }),
        message: 'Rule `upstream-tls` would reject 2 of 3 APIs that are live in production: cats, pets.',
        hint: expect.stringContaining('mode: trial'),
        related: [
          { where: { object: 'Api/cats' }, message: 'Api cats speaks to an upstream in clear.' },
          { where: { object: 'Api/pets' }, message: 'Api pets speaks to an upstream in clear.' },
        ],
      },
    ]);
  });

  it('is milder where the rule only warns, and nothing where it finds nothing', async () => {
    const { findings } = await impactOf(tls('warning'));
    expect(findings).toMatchObject([
      { severity: 'info', message: expect.stringContaining('would warn of 2 of 3 APIs') },
    ]);
    const nothing = (rule: string) => [
      { severity: 'info', message: `Rule \`${rule}\` would hit nothing that is live in production.` },
    ];
    expect((await impactOf(tls('"off"'))).findings).toMatchObject(nothing('upstream-tls'));
    const own = guardrails(
      '    - { id: own, severity: error, appliesTo: { kind: Plan }, expression: "true", message: m }\n',
    );
    expect(await impactOf(own)).toMatchObject({
      impacts: [{ rule: 'own', total: 1, rejects: [] }],
      findings: nothing('own'),
    });
  });

  it('goes by overrides of environment and lifecycle', async () => {
    const overrides = '  overrides: [{ environments: [production], lifecycle: [experimental], severity: warning }]\n';
    const { findings } = await impactOf(guardrails('    - { use: upstream-tls, severity: error }\n', overrides));
    expect(findings[0]!.message).toBe(
      'Rule `upstream-tls` would reject 1 of 3 APIs that are live in production: pets.',
    );
  });

  it('says that a rule is on trial', async () => {
    const trial = { 'rules.yaml': tls()['rules.yaml'].replace('spec:', 'spec:\n  mode: trial') };
    const { findings } = await impactOf(trial);
    expect(findings[0]!.message).toMatch(/^Rule `upstream-tls`, on trial, would reject 2 of 3 APIs/);
    expect(findings[0]!.hint).toContain('mode: enforce');
  });

  it('counts consumers one by one, over their shards', async () => {
    const own = guardrails(
      `    - { id: own, severity: error, appliesTo: { kind: Consumer }, expression: 'consumer.name != "acme"', message: "\${consumer.name}" }\n`,
    );
    expect((await impactOf(own)).findings[0]!.message).toContain('would reject 1 of 2 consumers');
  });

  it('counts what cannot be evaluated as what it would be: a refusal', async () => {
    const own = guardrails(
      `    - { id: own, severity: error, appliesTo: { kind: Api }, expression: "api.policy.auth.query == 'k'", message: m }\n`,
    );
    expect((await impactOf(own)).impacts[0]!.rejects).toHaveLength(3);
  });
});

describe('a rule has changed', () => {
  const digests = async (files: Record<string, string>, environmentName = 'staging') => {
    const result = await compile({ ...smallWorkspace(), ...files });
    return { result, digests: ruleDigests(result.rules, environmentName) };
  };
  const own = (expression: string, message = 'm') =>
    guardrails(
      `    - { id: own, severity: error, appliesTo: { kind: Api }, expression: "${expression}", message: ${message} }\n`,
    );
  const changed = async (from: Record<string, string>, to: Record<string, string>) => {
    const { result, digests: now_ } = await digests(to);
    return changedRules(result.rules, now_, (await digests(from)).digests).guardrails.map(({ id }) => id);
  };

  it.each([
    ['a new rule', {}, tls(), ['upstream-tls']],
    ['the same', tls(), tls(), []],
    ['a rule that is gone', tls(), {}, []],
    ['another severity', tls('warning'), tls(), ['upstream-tls']],
    ['another expression', own('true'), own('false'), ['own']],
    ['other words', own('true'), own('true', 'other'), []],
    [
      'on trial no more',
      { 'rules.yaml': tls()['rules.yaml'].replace('spec:', 'spec:\n  mode: trial') },
      tls(),
      ['upstream-tls'],
    ],
    [
      'an override here',
      tls(),
      guardrails(
        '    - { use: upstream-tls, severity: error }\n',
        '  overrides: [{ environments: [staging], severity: warning }]\n',
      ),
      ['upstream-tls'],
    ],
    ['the RuleSet has another name', tls(), { 'rules.yaml': tls()['rules.yaml'].replace('house', 'other') }, []],
  ] as [string, Record<string, string>, Record<string, string>, string[]][])('%s', async (_, from, to, ids) => {
    expect(await changed(from, to)).toEqual(ids);
  });
});
