import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import {
  api,
  environment,
  gateway,
  openApi,
  permissiveDrivers,
  plan,
  policy,
  smallWorkspace,
  workspaceOf,
} from '../testing/workspace.ts';
import { parity, type ParitySide } from './parity.ts';

async function sideOf(files: Record<string, string>, name: string): Promise<ParitySide> {
  const { environments, index, findings } = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { units } = environments.find((each) => each.name === name)!;
  return { environment: name, units: units.values(), index };
}

const between = async (files: Record<string, string>, other = files) =>
  parity(await sideOf(files, 'staging'), await sideOf(other, 'production'));
const limit = (requests: number) => `  rateLimit: { requests: ${requests}, per: minute }\n`;
const own = (requests: number) => `  policy: { rateLimit: { requests: ${requests}, per: minute } }\n`;
const patched = (kind: string, name: string, merge: string) =>
  environment(
    'production',
    `  patches:\n    - target: { kind: ${kind}, name: ${name} }\n      merge: { spec: ${merge} }\n`,
  );
const files = (production: string, more: Record<string, string> = {}) => ({
  ...smallWorkspace(),
  'apis/pets.yaml': api('pets', own(600)),
  'environments/production.yaml': production,
  ...more,
});

describe('parity of two environments', () => {
  it('has nothing to say of environments that differ in their names alone', async () => {
    expect(await between(files(environment('production')))).toEqual({
      environments: ['staging', 'production'],
      differences: [],
      undeclared: 0,
    });
  });

  it('takes a notification that chooses one of them for declared', async () => {
    const notification =
      'apiVersion: gitway.dev/v1\nkind: Notification\nmetadata: { name: ops }\nspec:\n' +
      '  channel: { type: webhook, secret: hook }\n  match: [{ environments: [production] }]\n';
    const { differences, undeclared } = await between(files(environment('production'), { 'ops.yaml': notification }));
    expect(undeclared).toBe(0);
    expect(differences).toMatchObject([
      { unit: 'notification ops', by: [{ what: 'match of Notification/ops', where: { file: 'ops.yaml' } }] },
    ]);
  });

  it('names the patch that makes a field differ, and where it stands', async () => {
    const merge = '{ policy: { rateLimit: { requests: 6000 } } }';
    const { differences, undeclared } = await between(files(patched('Api', 'pets', merge)));
    expect(differences).toMatchObject([
      {
        unit: 'api pets',
        field: 'policy.rateLimits',
        declared: true,
        by: [
          {
            what: 'patch 1 of Environment/production',
            where: { file: 'environments/production.yaml', range: { line: 10 } },
          },
        ],
      },
    ]);
    expect(differences[0]!.values).toEqual([expect.stringContaining('600'), expect.stringContaining('6000')]);
    expect(undeclared).toBe(0);
  });

  it('names a patch of a policy that an API inherits from, and of a plan that opens it', async () => {
    const more = {
      'apis/pets.yaml': api('pets', '  policies: [base]\n'),
      'base.yaml': policy('base', limit(5)),
      'free.yaml': plan('free', limit(5)),
    };
    const inherited = await between(files(patched('Policy', 'base', '{ rateLimit: { requests: 9 } }'), more));
    expect(inherited.differences).toMatchObject([
      { unit: 'api pets', declared: true, by: [{ what: 'patch 1 of Environment/production (Policy/base)' }] },
    ]);
    const opened = await between(files(patched('Plan', 'free', '{ apis: { names: [pets] } }'), more));
    expect(opened.differences).toMatchObject([
      {
        unit: 'api pets',
        field: 'plans',
        declared: true,
        by: [{ what: 'patch 1 of Environment/production (Plan/free)' }],
      },
    ]);
  });

  it('names a variable with two values, on both sides', async () => {
    const host = api('pets').replace('api.example.com', '"api.${domain}"');
    const variables = (domain: string) => `  variables: { domain: ${domain} }\n`;
    const { differences, undeclared } = await between(
      files(environment('production', variables('example.com')), {
        'apis/pets.yaml': host,
        'environments/staging.yaml': environment('staging', variables('example.org')),
      }),
    );
    expect(differences).toMatchObject([
      {
        unit: 'api pets',
        field: 'route.hosts',
        by: [{ what: 'variable domain of Environment/staging' }, { what: 'variable domain of Environment/production' }],
      },
    ]);
    expect(undeclared).toBe(0);
  });

  it('takes what environments say of themselves, and their gateways, for declared', async () => {
    const { differences } = await between(
      files(environment('production', '  promoteFrom: staging\n').replace('[edge]', '[edge, far]'), {
        'far.yaml': gateway.replace('name: edge', 'name: far'),
      }),
    );
    expect(differences.map(({ unit, field, declared }) => [unit, field, declared])).toEqual([
      ['environment', 'gateways', true],
      ['environment', 'promoteFrom', true],
      ['environment', 'promotion.soakMs', true],
      ['gateway far', null, true],
    ]);
  });

  it('tells what nobody declared where the environments follow branches that differ', async () => {
    const production = environment('production');
    const ahead = files(production, {
      'apis/pets.yaml': api('pets', own(700)),
      'apis/dogs.yaml': api('dogs'),
      'apis/dogs.openapi.yaml': openApi('Dogs'),
    });
    const { differences, undeclared } = await between(ahead, files(production));
    expect(differences).toMatchObject([
      { unit: 'api dogs', field: null, values: ['there', null], declared: false, by: [{ what: 'Api/dogs' }] },
      {
        unit: 'api pets',
        field: 'policy.rateLimits',
        declared: false,
        by: [{ what: 'Api/pets', where: { file: 'apis/pets.yaml', field: 'spec.policy.rateLimit' } }],
      },
    ]);
    expect(undeclared).toBe(2);
  });

  it('tells both: what a patch declares beside what the branches do not share', async () => {
    const merge = '{ policy: { rateLimit: { requests: 6000 } } }';
    const other = openApi('Pets', "  /other:\n    get:\n      responses: { '200': { description: ok } }\n");
    const { differences } = await between(
      files(environment('production'), { 'apis/pets.openapi.yaml': other }),
      files(patched('Api', 'pets', merge)),
    );
    const of = (declared: boolean) =>
      differences.filter((each) => each.declared === declared).map(({ field }) => field);
    expect(of(true)).toEqual(['policy.rateLimits']);
    expect(of(false)).toEqual(expect.arrayContaining(['openapi.digest', 'operations']));
  });
});
