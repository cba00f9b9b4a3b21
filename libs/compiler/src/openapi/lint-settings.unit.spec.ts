import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';

const ruleSet = (spec: string) =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  openapi: { rulesets: [../.spectral.yaml] }\n${spec}`;
const contact =
  'rules:\n  has-contact: { given: $.info, severity: warn, then: { field: contact, function: truthy } }\n';

async function compile(files: Record<string, string>, cache = new MemoryCache()) {
  const workspace = workspaceOf({
    ...smallWorkspace(),
    '.spectral.yaml': contact,
    'rules/house.yaml': ruleSet(''),
    ...files,
  });
  const now = new Date('2026-11-20T12:00:00Z');
  const result = await compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers, cache, now });
  const found = result.findings.map(({ rule, severity }) => `${severity} ${rule}`);
  return { ...result, found, live: result.environments.flatMap(({ name, digest }) => (digest === null ? [] : [name])) };
}

describe('Spectral rulesets of a workspace', () => {
  it('are run over every document, and their findings are judged like all others', async () => {
    expect(await compile({})).toMatchObject({ found: ['warning spectral-has-contact'], live: ['staging'] });
    const graver = ruleSet(
      '  overrides: [{ rules: [spectral-has-contact], environments: [staging], severity: error }]\n',
    );
    expect(await compile({ 'rules/house.yaml': graver })).toMatchObject({
      found: ['error spectral-has-contact'],
      live: [],
    });
    const passed = ruleSet('  ignore: [{ rule: spectral-has-contact, reason: nobody yet, until: 2026-12-31 }]\n');
    expect(await compile({ 'rules/house.yaml': passed })).toMatchObject({
      found: [],
      suppressed: [{ rule: 'spectral-has-contact' }],
    });
  });

  it('an edit of a ruleset is seen at once, and so is the edit back', async () => {
    const cache = new MemoryCache();
    const found = async (files: Record<string, string>) => (await compile(files, cache)).found;
    expect(await found({})).toEqual(['warning spectral-has-contact']);
    expect(await found({ '.spectral.yaml': contact.replace('warn', 'error') })).toEqual(['error spectral-has-contact']);
    expect(await found({ '.spectral.yaml': 'rules: {}\n' })).toEqual([]);
    expect(await found({ '.spectral.yaml': 'extends: ./missing.yaml\n' })).toEqual(['error missing-file']);
    expect(await found({ '.spectral.yaml': 'extends: ./missing.yaml\n', 'missing.yaml': contact })).toEqual([
      'warning spectral-has-contact',
    ]);
    expect(await found({})).toEqual(['warning spectral-has-contact']);
  });

  it('one that cannot be accepted refuses, and says where', async () => {
    const { live, findings } = await compile({ '.spectral.yaml': 'functions: [evil]\nrules: {}\n' });
    expect(live).toEqual([]);
    expect(findings).toMatchObject([
      { rule: 'ruleset-refused', where: { file: '.spectral.yaml', range: { line: 1 }, field: 'functions' } },
    ]);
  });

  it('one outside the repository is refused at its name', async () => {
    for (const name of ['../../x.yaml', 'https://evil.example/x.yaml', '/etc/x.yaml']) {
      const files = { 'rules/house.yaml': ruleSet('').replace('../.spectral.yaml', `'${name}'`) };
      expect((await compile(files)).findings).toMatchObject([
        { rule: 'ruleset-refused', where: { file: 'rules/house.yaml', field: 'spec.openapi.rulesets.0' } },
      ]);
    }
  });
});
