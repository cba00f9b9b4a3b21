import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';

const compile = (files: Record<string, string>) =>
  compileWorkspace(workspaceOf({ ...smallWorkspace(), ...files }), { drivers: permissiveDrivers });
const found = async (files: Record<string, string>) =>
  (await compile(files)).findings.map(({ rule, where }) => [rule, where.field]);

describe('what looks like a variable', () => {
  it.each([
    ['an escaped dollar sign', '"\\x24{\\n evil host"'],
    ['an escaped brace', '"$\\u007b\\n evil host"'],
    ['both', '"\\x24\\x7bdomain}"'],
  ])('is one however it is written: %s', async (_, host) => {
    const text = api('pets').replace('hosts: [api.example.com]', `hosts: [${host}]`);
    expect(await found({ 'apis/pets.yaml': text })).toEqual([['unknown-variable', 'spec.route.hosts.0']]);
  });

  it('is filled in however it is written', async () => {
    const text = api('pets').replace('hosts: [api.example.com]', 'hosts: ["\\x24{domain}"]');
    const { environments, findings } = await compile({
      'apis/pets.yaml': text,
      'environments/staging.yaml': environment('staging', '  variables: { domain: api.example.org }\n'),
    });
    expect(findings).toEqual([]);
    expect([...environments[0]!.units.values()]).toContainEqual(
      expect.objectContaining({ kind: 'api', route: expect.objectContaining({ hosts: ['api.example.org'] }) }),
    );
  });

  it.each(['"x ${a}\\n evil"', '"x \\x24{a}\\n evil"'])('is no way around the form of a name: %s', async (name) => {
    const files = {
      'apis/pets.yaml': api('pets', `  policy: { headers: { request: { set: { ${name}: v } } } }\n`),
      'environments/staging.yaml': environment('staging', '  variables: { a: b }\n'),
    };
    const [first, ...others] = await found(files);
    expect([first?.[0], others]).toEqual(['unknown-variable', []]);
  });

  it('is refused where nothing fills it in', async () => {
    const settings = '  variables: { a: 5s }\n  drift: { interval: "${a}" }\n  analysis: { window: "\\x24{a}" }\n';
    expect(await found({ 'environments/staging.yaml': environment('staging', settings) })).toEqual([
      ['unknown-variable', 'spec.drift.interval'],
      ['unknown-variable', 'spec.analysis.window'],
    ]);
    const rules = `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:
  breaking: { policies: [{ usedWithin: "\${a}", used: block }] }\n`;
    expect(await found({ 'rules.yaml': rules })).toEqual([['unknown-variable', 'spec.breaking.policies.0.usedWithin']]);
  });
});
