import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';

const ruleSet = (spec: string, name = 'house') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const trial = (spec: string, name = 'house') => ruleSet(`  mode: trial\n${spec}`, name);
const tls = (severity: string) => `  guardrails: [{ use: upstream-tls, severity: ${severity} }]\n`;

async function compile(files: Record<string, string>) {
  const workspace = workspaceOf({ ...smallWorkspace(), ...files });
  const now = new Date('2026-11-20T12:00:00Z');
  const result = await compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers, now });
  const found = result.findings.map(({ rule, severity }) => `${severity} ${rule}`);
  const live = result.environments.filter(({ digest }) => digest !== null).map(({ name }) => name);
  return { ...result, found, live, summed: result.findings.filter(({ rule }) => rule === 'rule-on-trial') };
}
const many = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      [`apis/a${index}.yaml`, api(`a${index}`)],
      [`apis/a${index}.openapi.yaml`, openApi(`A ${index}`)],
    ]).flat(),
  ) as Record<string, string>;

describe('a RuleSet on trial', () => {
  it('refuses nothing, and sums up for each environment what it would refuse', async () => {
    const files = { ...many(7), 'environments/production.yaml': environment('production') };
    expect((await compile({ ...files, 'rules.yaml': ruleSet(tls('error')) })).live).toEqual([]);
    const { found, live, summed } = await compile({ ...files, 'rules.yaml': trial(tls('error')) });
    expect(live).toEqual(['production', 'staging']);
    expect(new Set(found)).toEqual(new Set(['info upstream-tls', 'info rule-on-trial']));
    expect(summed.map(({ message }) => message)).toEqual([
      'Rule `upstream-tls`, on trial, would reject 8 of 8 APIs in production: a0, a1, a2, a3, a4 and 3 more.',
      'Rule `upstream-tls`, on trial, would reject 8 of 8 APIs in staging: a0, a1, a2, a3, a4 and 3 more.',
    ]);
    expect(summed[0]).toMatchObject({
      where: { file: 'rules.yaml', range: { line: 6 }, object: 'RuleSet/house' },
      related: [{ where: { object: 'Api/a0' }, message: 'Api a0 speaks to an upstream in clear.' }, {}, {}, {}, {}],
    });
  });

  it('sums up only what it would refuse', async () => {
    expect((await compile({ 'rules.yaml': trial(tls('warning')) })).found).toEqual(['info upstream-tls']);
    expect((await compile({ 'rules.yaml': trial(tls('"off"')) })).found).toEqual([]);
  });

  it('takes nothing from what another RuleSet enforces', async () => {
    const both = (enforced: string) =>
      compile({ 'a.yaml': ruleSet(tls(enforced), 'a'), 'b.yaml': trial(tls('error'), 'b') });
    expect(await both('error')).toMatchObject({ found: ['error upstream-tls'], live: [] });
    expect(await both('warning')).toMatchObject({
      found: ['warning upstream-tls', 'info rule-on-trial'],
      live: ['staging'],
    });
  });

  it('tries the severities of lint rules as well', async () => {
    const nameless = openApi('Pets', "  /things:\n    get:\n      responses: { '200': { description: ok } }\n");
    const { found, live, summed } = await compile({
      'apis/pets.openapi.yaml': nameless,
      'rules.yaml': trial('  rules: { openapi-operation-id: error }\n'),
    });
    expect([found, live]).toEqual([['warning openapi-operation-id', 'info rule-on-trial'], ['staging']]);
    expect(summed[0]!.message).toBe('Rule `openapi-operation-id`, on trial, would reject 1 of 1 API in staging: pets.');
  });

  it('names what is no API, plan or consumer by its kind, as a policy that several APIs share', async () => {
    const jwt =
      '{ auth: { anyOf: [jwt], jwt: { issuer: https://id.example.com, jwksUri: https://id.example.com/keys } } }';
    const shared = `apiVersion: gitway.dev/v1\nkind: Policy\nmetadata: { name: shared }\nspec: ${jwt}\n`;
    const rules = trial('  guardrails: [{ use: jwt-audience, severity: error }]\n');
    const { live, summed } = await compile({
      'shared.yaml': shared,
      'apis/pets.yaml': api('pets', '  policies: [shared]\n'),
      'rules.yaml': rules,
    });
    expect([live, summed.map(({ message }) => message)]).toEqual([
      ['staging'],
      ['Rule `jwt-audience`, on trial, would reject 1 resource in staging: Policy/shared.'],
    ]);
    const several = await compile({
      ...many(1),
      'shared.yaml': shared,
      'apis/pets.yaml': api('pets', '  policies: [shared]\n'),
      'apis/a0.yaml': api('a0', `  policy: ${jwt}\n`),
      'rules.yaml': rules,
    });
    expect(several.summed.map(({ message }) => message)).toEqual([
      'Rule `jwt-audience`, on trial, would reject 2 resources in staging: Api/a0, Policy/shared.',
    ]);
  });

  it('does not sum up what is passed over', async () => {
    const ignoring = api('pets').replace(
      '  name: pets\n',
      '  name: pets\n  ignore: [{ rule: upstream-tls, reason: agreed with them, until: 2026-12-31 }]\n',
    );
    expect((await compile({ 'apis/pets.yaml': ignoring, 'rules.yaml': trial(tls('error')) })).found).toEqual([]);
  });

  it('must have rules', async () => {
    expect((await compile({ 'rules.yaml': ruleSet('  mode: trial\n') })).found).toEqual(['error invalid-value']);
  });
});
