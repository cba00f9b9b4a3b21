import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, ConsumersUnit } from '@gitway/contracts';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache } from './memory-cache.ts';
import {
  api,
  consumer,
  environment,
  gateway,
  openApi,
  permissiveDrivers,
  plan,
  policy,
  smallWorkspace,
  workspaceOf,
} from './testing/workspace.ts';
import type { CompileOptions, CompileResult } from './workspace.ts';

const compile = (files: Record<string, string | Uint8Array>, options: Partial<CompileOptions> = {}) =>
  compileWorkspace(workspaceOf(files), { branch: 'main', drivers: permissiveDrivers, ...options });
const environmentOf = (result: CompileResult, name: string) => result.environments.find((each) => each.name === name)!;
const apiOf = (result: CompileResult, env: string, name: string) =>
  [...environmentOf(result, env).units.values()].find(
    (unit): unit is ApiUnit => unit.kind === 'api' && unit.name === name,
  )!;
const rulesIn = (result: CompileResult) => result.findings.map((finding) => finding.rule);

describe('a file that is too large to be read', () => {
  it('is refused: passing it over would take what it declares off the gateways', async () => {
    const reader = workspaceOf(smallWorkspace());
    const huge = { path: 'huge.yaml', mode: '100644', oid: 'f'.repeat(40), size: 60_000_000 } as const;
    const options = { branch: 'main', drivers: permissiveDrivers };
    const listing = (ignore: Record<string, string>) => {
      const ignored = workspaceOf({ ...smallWorkspace(), ...ignore });
      return { read: (path: string) => ignored.read(path), list: async () => [...(await ignored.list()), huge] };
    };
    const result = await compileWorkspace(listing({}), options);
    expect(result.findings).toMatchObject([
      { rule: 'file-too-large', severity: 'error', where: { file: 'huge.yaml' } },
    ]);
    expect(environmentOf(result, 'staging').snapshot).toBeNull();
    expect((await compileWorkspace(listing({ '.gitwayignore': 'huge.yaml' }), options)).findings).toEqual([]);
    expect((await compileWorkspace(reader, options)).findings).toEqual([]);
  });
});

describe('compileWorkspace', () => {
  it('makes one unit of each thing and a sorted snapshot of them', async () => {
    const result = await compile({
      ...smallWorkspace(),
      'plans.yaml': plan('free', '  rateLimit: { requests: 10, per: minute }\n  apis: { names: [pets] }\n'),
      'consumers.yaml': consumer('acme', 'A'.repeat(64), '  plans: [free]\n'),
    });
    expect(result.findings).toEqual([]);
    const staging = environmentOf(result, 'staging');
    expect(staging.snapshot?.units.map((unit) => `${unit.kind} ${unit.name}`)).toEqual([
      'api pets',
      'consumers 82',
      'environment staging',
      'gateway edge',
      'plan free',
    ]);
    expect([...staging.units.keys()].sort()).toEqual(staging.snapshot?.units.map((unit) => unit.digest).sort());
    const shard = [...staging.units.values()].find((unit): unit is ConsumersUnit => unit.kind === 'consumers');
    expect(shard?.consumers).toEqual([
      { name: 'acme', owner: null, keyHashes: ['a'.repeat(64)], plans: ['free'], suspended: false },
    ]);
  });

  it('merges defaults, selector matches by priority then name, direct references in order, and the Api’s own', async () => {
    const limit = (requests: number) => `  rateLimit: { requests: ${requests}, per: minute }\n`;
    const everywhere = '  selector: { labels: {} }\n';
    const result = await compile({
      ...smallWorkspace(),
      'apis/pets.yaml': api('pets', '  policies: [direct-b, direct-a]\n  policy: { timeout: { connect: 1s } }\n'),
      'apis/dogs.yaml': api('dogs'),
      'apis/dogs.openapi.yaml': openApi('Dogs'),
      'policies.yaml': [
        policy(
          'z-low',
          `${everywhere}  priority: -5\n${limit(1)}  timeout: { request: 7s }\n  auth: { anyOf: [none] }\n`,
        ),
        policy('b-same', everywhere + limit(3)),
        policy('a-same', everywhere + limit(2)),
        policy('gold', `  selector: { labels: { tier: gold } }\n  priority: 9\n${limit(99)}`),
        policy('direct-a', limit(5)),
        policy('direct-b', `${limit(4)}  timeout: { connect: 2s }\n`),
      ].join('---\n'),
    });
    expect(result.findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'warning ambiguous-priority',
      'warning unused-policy',
    ]);
    const perMinute = (requests: number) => ({ requests, windowMs: 60_000, by: 'consumer' });
    expect(apiOf(result, 'staging', 'dogs').policy).toEqual({
      auth: { kind: 'none' },
      rateLimits: [perMinute(3)],
      timeouts: { connectMs: 5_000, requestMs: 7_000 },
    });
    expect(apiOf(result, 'staging', 'pets').policy).toEqual({
      auth: { kind: 'none' },
      rateLimits: [perMinute(5)],
      timeouts: { connectMs: 1_000, requestMs: 7_000 },
    });
  });

  it('asks for a key where nobody says anything', async () => {
    expect(apiOf(await compile(smallWorkspace()), 'staging', 'pets').policy.auth).toEqual({
      kind: 'apiKey',
      header: 'x-api-key',
      bearer: false,
      query: null,
    });
  });

  it('fills in variables and applies patches per environment', async () => {
    const result = await compile({
      ...smallWorkspace(),
      'apis/pets.yaml': api('pets', '  policy: { rateLimit: { requests: 5, per: second, by: ip } }\n').replace(
        'pets.internal',
        '${host}',
      ),
      'environments/staging.yaml': environment('staging', '  variables: { host: staging.local }\n'),
      'environments/production.yaml': environment(
        'production',
        `  promoteFrom: staging
  variables: { host: live.local }
  patches:
    - target: { kind: Api, labels: { tier: public } }
      merge: { spec: { policy: { rateLimit: { requests: 6000, by: null } }, lifecycle: deprecated } }
`,
      ),
    });
    expect(result.findings).toEqual([]);
    const [staging, production] = [apiOf(result, 'staging', 'pets'), apiOf(result, 'production', 'pets')];
    expect([staging.pools[0]?.targets[0]?.host, production.pools[0]?.targets[0]?.host]).toEqual([
      'staging.local',
      'live.local',
    ]);
    expect([staging.policy.rateLimits[0]?.requests, production.policy.rateLimits[0]]).toEqual([
      5,
      { requests: 6000, windowMs: 1000, by: 'consumer' },
    ]);
    expect([staging.lifecycle, production.lifecycle]).toEqual(['active', 'deprecated']);
  });

  it('refuses one environment for what is its own, with the place in the patch', async () => {
    const patch = '  patches:\n    - target: { kind: Api, name: pets }\n      merge: { spec: { lifecyle: retired } }\n';
    const result = await compile({
      ...smallWorkspace(),
      'environments/production.yaml': environment('production', patch),
    });
    expect(environmentOf(result, 'staging').snapshot).not.toBeNull();
    expect(environmentOf(result, 'production').snapshot).toBeNull();
    expect(result.findings).toMatchObject([
      {
        rule: 'unknown-field',
        where: {
          file: 'environments/production.yaml',
          range: { line: 10, column: 24 },
          object: 'Api/pets',
          field: 'spec.lifecyle',
        },
        hint: 'Did you mean `lifecycle`?',
      },
    ]);
    expect(result.findings[0]?.message).toContain('patches of environment `production`');
  });

  it('refuses every environment for a broken file, and hides no other finding behind it', async () => {
    const result = await compile({
      ...smallWorkspace(),
      'environments/production.yaml': environment('production'),
      'apis/broken.yaml': 'apiVersion: gitway.dev/v1\nkind: [\n',
      'apis/dogs.yaml': api('dogs').replace('http://', 'ftp://'),
      'apis/cats.yaml': api('cats'),
    });
    expect(result.environments.map((each) => each.snapshot)).toEqual([null, null]);
    expect(new Set(rulesIn(result))).toEqual(new Set(['yaml-syntax', 'upstream-url', 'missing-file']));
    // The same in both environments, told once.
    expect(rulesIn(result).filter((rule) => rule === 'upstream-url')).toHaveLength(1);
  });

  it('does not report references to a resource that is there but broken', async () => {
    const result = await compile({
      ...smallWorkspace(),
      'apis/pets.yaml': api('pets', '  plans: [free]\n'),
      'plan.yaml': plan('free', '  rateLimit: { requests: 0, per: minute }\n'),
    });
    expect(rulesIn(result)).toEqual(['invalid-value']);
  });

  it('takes the environments that follow the branch, also through the one that they promote from', async () => {
    const follows = (name: string, from: string) =>
      environment(name).replace('source: { branch: main }', `promoteFrom: ${from}`);
    const files = {
      ...smallWorkspace(),
      'production.yaml': follows('production', 'staging'),
      'develop.yaml': environment('develop').replace('branch: main', 'branch: develop'),
    };
    expect((await compile(files)).environments.map((each) => each.name)).toEqual(['production', 'staging']);
    expect((await compile(files, { branch: 'develop' })).environments.map((each) => each.name)).toEqual(['develop']);
    const everything = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
    expect(everything.environments).toHaveLength(3);
  });

  it('opens an API by a plan that names it or selects it', async () => {
    const result = await compile({
      ...smallWorkspace(),
      'plans.yaml': [
        plan('by-name', '  apis: { names: [pets] }\n'),
        plan('by-label', '  apis: { selector: { labels: { tier: public } } }\n'),
        plan('other', '  apis: { selector: { labels: { tier: gold } } }\n'),
      ].join('---\n'),
    });
    expect(apiOf(result, 'staging', 'pets').plans).toEqual(['by-label', 'by-name']);
  });

  it('reads with a warm cache only what changed', async () => {
    const files = {
      ...smallWorkspace(),
      'apis/dogs.yaml': api('dogs'),
      'apis/dogs.openapi.yaml': openApi('Dogs'),
      gateway,
    };
    const cache = new MemoryCache();
    await compile(files, { cache });
    const changed = workspaceOf({ ...files, 'apis/pets.openapi.yaml': openApi('Pets changed') });
    const result = await compileWorkspace(changed, { branch: 'main', drivers: permissiveDrivers, cache });
    expect(new Set(changed.reads)).toEqual(new Set(['apis/pets.openapi.yaml']));
    expect(apiOf(result, 'staging', 'pets').openapi.title).toBe('Pets changed');
  });
});
