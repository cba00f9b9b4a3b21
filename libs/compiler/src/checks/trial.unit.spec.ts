import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';

const ruleSet = (name: string, spec: string) =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const found = async (files: Record<string, string>) => {
  const { findings } = await compileWorkspace(workspaceOf({ ...smallWorkspace(), ...files }), {
    drivers: permissiveDrivers,
    now: new Date('2026-11-23T12:00:00Z'),
  });
  return findings.map(({ rule, severity }) => `${rule} ${severity}`);
};

describe('a RuleSet on trial', () => {
  it('passes nothing over', async () => {
    const ignore = '  ignore: [{ rule: openapi-operation-id, reason: not now, until: 2026-12-30 }]\n';
    const document = { 'apis/pets.openapi.yaml': openApi('Pets').replace('operationId: listThings', 'summary: All') };
    expect(await found({ ...document, 'rules.yaml': ruleSet('tried', ignore) })).toEqual([]);
    expect(await found({ ...document, 'rules.yaml': ruleSet('tried', `  mode: trial\n${ignore}`) })).toEqual([
      'openapi-operation-id warning',
    ]);
  });

  it('tells of what a class lacks, and refuses nothing', async () => {
    const require = '  require: [{ fields: [rateLimit] }]\n';
    expect(await found({ 'rules.yaml': ruleSet('tried', require) })).toEqual(['missing-policy error']);
    expect(await found({ 'rules.yaml': ruleSet('tried', `  mode: trial\n${require}`) })).toEqual([
      'missing-policy info',
      'rule-on-trial info',
    ]);
  });

  it('neither opens nor closes upstreams', async () => {
    const refuse = ruleSet('house', '  upstreams: [{ private: refuse }]\n');
    const tried = (word: string) => ruleSet('tried', `  mode: trial\n  upstreams: [{ private: ${word} }]\n`);
    expect(await found({ 'a.yaml': refuse, 'z.yaml': tried('allow') })).toEqual(['private-upstream error']);
    expect(await found({ 'z.yaml': tried('refuse') })).toEqual(['private-upstream info', 'rule-on-trial info']);
  });

  it('runs its Spectral rulesets, and refuses nothing by them', async () => {
    const rules =
      'rules:\n  has-contact: { given: $.info, severity: error, then: { field: contact, function: truthy } }\n';
    const named = '  openapi: { rulesets: [./house.spectral.yaml] }\n';
    const files = { 'house.spectral.yaml': rules, 'tried.yaml': ruleSet('tried', `  mode: trial\n${named}`) };
    expect(await found(files)).toEqual(['spectral-has-contact info', 'rule-on-trial info']);
    expect(await found({ ...files, 'a.yaml': ruleSet('house', named) })).toEqual(['spectral-has-contact error']);
    expect(await found({ ...files, 'z.yaml': ruleSet('house', named) })).toEqual(['spectral-has-contact error']);
  });
});
