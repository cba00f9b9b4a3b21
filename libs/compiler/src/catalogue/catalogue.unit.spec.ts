import { describe, expect, it } from '@jest/globals';
import { type ApiUnit, apiEntrySchema, catalogueChangesSchema, digestOf, type PlanUnit } from '@gitway/contracts';
import { compileWorkspace } from '../compile-workspace.ts';
import { api, environment, gateway, openApi, permissiveDrivers, workspaceOf } from '../testing/workspace.ts';
import { diffInventories } from './diff-inventories.ts';
import { apiEntryOf, type Inventory, inventoryOf, planEntryOf } from './inventory.ts';
import { matchingOperations, searchTerms, searchTextOf } from './search-text.ts';

const pets: ApiUnit = {
  kind: 'api',
  name: 'pets',
  labels: { tier: 'public', team: 'pets' },
  owner: 'pets@example.com',
  lifecycle: 'active',
  visibility: 'public',
  route: { hosts: ['api.example.com'], basePath: '/pets', keepBasePath: false },
  openapi: { title: 'Pets', version: '1.2.0', digest: `sha256-${'a'.repeat(64)}` },
  operations: [
    { id: 'listPets', method: 'GET', path: '/' },
    { id: 'deletePet', method: 'DELETE', path: '/{petId}' },
  ],
  pools: [
    { name: 'stable', weight: 100, targets: [{ scheme: 'http', host: 'a', port: 80, weight: 1 }], healthCheck: null },
  ],
  plans: ['free', 'pro'],
  policy: {
    auth: { kind: 'apiKey', header: 'x-api-key', bearer: true, query: 'key' },
    rateLimits: [{ requests: 600, windowMs: 60_000, by: 'consumer' }],
    timeouts: { connectMs: 5_000, requestMs: 10_000 },
  },
};
const pro: PlanUnit = { kind: 'plan', name: 'pro', rateLimits: [{ requests: 1, windowMs: 90_000, by: 'ip' }] };

const entry = (change: Partial<ApiUnit> = {}) => {
  const unit = { ...pets, ...change };
  return apiEntryOf(unit, digestOf(unit));
};
const inventory = (...apis: Partial<ApiUnit>[]): Inventory => ({ apis: apis.map(entry), plans: [] });

describe('an inventory', () => {
  it('says in words what is in force', () => {
    expect(apiEntrySchema.parse(entry())).toMatchObject({
      policy: {
        auth: 'API key in header x-api-key, Authorization: Bearer or query parameter key',
        rateLimit: '600 calls a minute for each consumer',
        timeouts: 'connect within 5s, answer within 10s',
      },
      pools: [{ name: 'stable', weight: 100, targets: 1, healthChecked: false }],
      operations: [{ id: 'listPets', opens: 'consumers of plan free or pro' }, { id: 'deletePet' }],
      documentation: pets.openapi.digest,
      unit: digestOf(pets),
    });
    expect(planEntryOf(pro)).toEqual({ name: 'pro', rateLimit: '1 call in 1m30s for each client address' });
    const open = entry({ plans: [], policy: { ...pets.policy, auth: { kind: 'none' }, rateLimits: [] } });
    expect(open).toMatchObject({ policy: { auth: 'open to everybody', rateLimit: null } });
    expect(open.operations[0]?.opens).toBe('everybody');
    expect(entry({ plans: [] }).operations[0]?.opens).toBe('any consumer with a key');
  });

  it('is made of what was compiled, in the order of names, and of nothing else', async () => {
    const files = {
      'zoo.yaml': api('zoo'),
      'zoo.openapi.yaml': openApi('Zoo'),
      'ant.yaml': api('ant'),
      'ant.openapi.yaml': openApi('Ant'),
      'gateway.yaml': gateway,
      'staging.yaml': environment('staging'),
    };
    const { environments } = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
    const { apis } = inventoryOf(environments[0]!.units);
    expect(apis.map(({ name, title, operations }) => [name, title, operations.length])).toEqual([
      ['ant', 'Ant', 1],
      ['zoo', 'Zoo', 1],
    ]);
    expect(apis[0]?.unit).toBe(environments[0]!.snapshot?.units.find(({ name }) => name === 'ant')?.digest);
  });
});

describe('the difference of two inventories', () => {
  it('is nothing between equals, and parses by its schema', () => {
    const none = { counts: { added: 0, changed: 0, removed: 0 }, apis: [], plans: [] };
    expect(catalogueChangesSchema.parse(diffInventories(inventory({}), inventory({})))).toEqual(none);
  });

  it('names APIs that came and went, with the number of their operations', () => {
    const changes = diffInventories(inventory({}), inventory({ name: 'dogs' }));
    expect(changes.counts).toEqual({ added: 1, changed: 0, removed: 1 });
    expect(changes.apis).toMatchObject([
      { api: 'dogs', change: 'added', operationCounts: { added: 2 }, operations: [] },
      { api: 'pets', change: 'removed', operationCounts: { removed: 2 }, operations: [] },
    ]);
  });

  it('tells operations that are new, gone, renamed and moved apart', () => {
    const before = [
      ...pets.operations,
      { id: 'old', method: 'GET', path: '/old' },
      { id: 'walk', method: 'POST', path: '/walk' },
    ];
    const after = [
      { id: 'allPets', method: 'GET', path: '/' },
      { id: 'deletePet', method: 'DELETE', path: '/{petId}' },
      { id: 'feed', method: 'POST', path: '/feed' },
      { id: 'walk', method: 'POST', path: '/walks' },
    ];
    const [change] = diffInventories(inventory({ operations: before }), inventory({ operations: after })).apis;
    expect(change).toMatchObject({ change: 'changed', fields: [] });
    expect(change?.operationCounts).toEqual({ added: 1, changed: 2, removed: 1 });
    expect(change?.operations.map((each) => [each.change, each.operation.id, each.before?.path ?? null])).toEqual([
      ['changed', 'allPets', '/'],
      ['added', 'feed', null],
      ['removed', 'old', '/old'],
      ['changed', 'walk', '/walk'],
    ]);
  });

  it('says what of an API differs, from what to what', () => {
    const after = {
      visibility: 'internal',
      labels: { team: 'pets' },
      plans: [],
      route: { ...pets.route, hosts: [] },
      policy: { ...pets.policy, rateLimits: [] },
      pools: [{ ...pets.pools[0]!, weight: 50 }],
    } as const satisfies Partial<ApiUnit>;
    const [change] = diffInventories(inventory({}), inventory(after)).apis;
    expect(change?.fields).toEqual([
      { field: 'visibility', from: 'public', to: 'internal' },
      { field: 'labels', from: 'team=pets, tier=public', to: 'team=pets' },
      { field: 'exposure.hosts', from: 'api.example.com', to: 'any host' },
      { field: 'policy.rateLimit', from: '600 calls a minute for each consumer', to: null },
      { field: 'plans', from: 'free, pro', to: null },
      {
        field: 'pools.stable',
        from: 'weight 100, 1 target, not health-checked',
        to: 'weight 50, 1 target, not health-checked',
      },
    ]);
  });

  it('never hides a unit that differs in what it has no words for', () => {
    const pools = [{ ...pets.pools[0]!, targets: [{ scheme: 'http' as const, host: 'b', port: 80, weight: 1 }] }];
    expect(diffInventories(inventory({}), inventory({ pools })).apis[0]?.fields).toEqual([
      { field: 'pools', from: null, to: 'other addresses or health checks' },
    ]);
  });

  it('tells plans', () => {
    const plans = (...limits: number[]): Inventory => ({
      apis: [],
      plans: limits.map((requests) => planEntryOf({ ...pro, rateLimits: [{ requests, windowMs: 1_000, by: 'api' }] })),
    });
    expect(diffInventories(plans(1), plans(2)).plans).toMatchObject([{ plan: 'pro', change: 'changed' }]);
    expect(diffInventories(plans(), plans(2)).plans).toMatchObject([{ plan: 'pro', change: 'added', from: null }]);
    expect(diffInventories(plans(1), plans(1)).plans).toEqual([]);
  });

  it('counts all and lists what fits', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ name: `api-${index}` }));
    const changes = diffInventories(inventory(), inventory(...many), { apis: 10, operationsOfApi: 1, plans: 1 });
    expect(changes.counts.added).toBe(30);
    expect(changes.apis).toHaveLength(10);
  });
});

describe('a search', () => {
  it('finds what an API is called, where it answers and what it does', () => {
    const { head, body } = searchTextOf(entry());
    for (const word of ['pets', '1.2.0', 'pets@example.com', 'tier=public', 'api.example.com'])
      expect(head).toContain(word);
    expect(body).toBe('listpets get /pets/\ndeletepet delete /pets/{petid}');
  });

  it('names the operations that it hit', () => {
    const ids = (search: string) => matchingOperations(entry(), searchTerms(search), 5).map(({ id }) => id);
    expect(ids('DELETE  /pets/{petId}')).toEqual(['deletePet']);
    expect(ids('pets')).toEqual([]);
    expect(ids('public deletepet')).toEqual(['deletePet']);
    expect(ids('nothing')).toEqual([]);
    expect(searchTerms('a b c d e f g h i j')).toHaveLength(8);
  });
});
