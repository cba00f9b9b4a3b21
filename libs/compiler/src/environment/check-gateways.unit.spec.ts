import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { DriverProblem } from '../workspace.ts';

const problemsOf = async (problem: DriverProblem) => {
  const files = {
    ...smallWorkspace(),
    'apis/pets.yaml': api('pets', '  policy: { rateLimit: { requests: 1, per: day } }\n'),
  };
  const drivers = { haproxy: () => [problem] };
  return (await compileWorkspace(workspaceOf(files), { branch: 'main', drivers })).findings;
};

describe('checkGateways', () => {
  it.each([
    ['policy.rateLimit.windowMs', 'spec.policy.rateLimit.per', 13],
    ['policy.rateLimit.requests', 'spec.policy.rateLimit.requests', 13],
    ['pools[0].targets[0].host', 'spec.upstream.pools.0.targets.0.url', 12],
    ['route.basePath', 'spec.route.basePath', 8],
    ['name', 'metadata.name', 4],
  ])('tells a problem with %s at %s', async (field, authored, line) => {
    const findings = await problemsOf({ unit: 'api pets', field, message: 'no' });
    expect(findings).toMatchObject([
      {
        rule: 'unsupported-by-gateway',
        where: { file: 'apis/pets.yaml', object: 'Api/pets', field: authored, range: { line } },
      },
    ]);
    expect(findings[0]?.message).toBe('Gateway `edge` (haproxy) cannot honour this: no.');
  });

  it('tells a problem with the whole at the environment, and refuses that one alone', async () => {
    const files = { ...smallWorkspace(), 'environments/production.yaml': environment('production') };
    const drivers = {
      haproxy: (units: readonly { unit: { kind: string; name: string } }[]) =>
        units.some(({ unit }) => unit.kind === 'environment' && unit.name === 'production')
          ? [{ unit: null, field: null, message: 'too much' }]
          : [],
    };
    const result = await compileWorkspace(workspaceOf(files), { branch: 'main', drivers });
    expect(result.findings).toMatchObject([
      { where: { file: 'environments/production.yaml', object: 'Environment/production' } },
    ]);
    expect(result.environments.map((each) => [each.name, each.snapshot === null])).toEqual([
      ['production', true],
      ['staging', false],
    ]);
  });
});
