import { describe, expect, it } from '@jest/globals';
import { type ApiUnit, changePlanSchema, digestOf, type PlannedChange } from '@gitway/contracts';
import { planChanges, type PlanContext } from './plan-changes.ts';
import { planDigest, renderPlanJson } from './render/json.ts';
import { api, consumer, consumers, environment, plan, policyWith, stateOf, target } from './testing/units.ts';

const world = [environment('eu', 'us'), plan('free', 100), consumers(consumer('acme'), consumer('globex'))];

/** The changes of one API, with consumers, a plan and two gateways around it. */
function changesOf(before: Partial<ApiUnit>, after: Partial<ApiUnit>, context: PlanContext = {}): PlannedChange[] {
  const sides = [before, after].map((change) => stateOf(...world, api('pets', change)));
  const made = planChanges(sides[0]!, sides[1]!, context);
  expect(changePlanSchema.parse(made)).toEqual(made);
  return made.changes;
}
const limit = (requests: number, windowMs = 60_000, by: 'consumer' | 'ip' = 'consumer') =>
  policyWith({ rateLimits: [{ requests, windowMs, by }] });
const only = (changes: PlannedChange[]) => {
  expect(changes).toHaveLength(1);
  return changes[0]!;
};

describe('a plan', () => {
  it('is empty between equal snapshots, whatever they were made from', () => {
    const made = planChanges(stateOf(...world, api('pets')), stateOf(api('pets'), ...world.toReversed()));
    expect(made).toMatchObject({
      severity: null,
      changes: [],
      omitted: 0,
      units: { added: 0, changed: 0, removed: 0 },
    });
  });

  it('is the same for the same snapshots, with one canonical form and digest', () => {
    const make = () => planChanges(stateOf(...world, api('pets')), stateOf(api('dogs'), ...world));
    expect(renderPlanJson(make())).toBe(renderPlanJson(make()));
    expect(planDigest(make())).toBe(digestOf(JSON.parse(renderPlanJson(make()))));
  });

  it('starts from nothing where nothing is live', () => {
    const made = planChanges(null, stateOf(...world, api('pets')));
    expect(made).toMatchObject({ before: null, units: { added: 4, changed: 0, removed: 0 }, severity: 'widening' });
    expect(made.changes.map(({ kind, change }) => `${change} ${kind}`).sort()).toEqual([
      'added api',
      'added consumer',
      'added environment',
      'added plan',
    ]);
  });

  it('refuses to guess where a unit that differs is not at hand', () => {
    const after = stateOf(api('pets'));
    expect(() => planChanges(null, { ...after, units: new Map() })).toThrow('the unit api pets');
  });

  it('does not guess consumers that are not at hand', () => {
    const [before, after] = [stateOf(...world, api('pets')), stateOf(...world, api('pets', limit(1)))];
    const apis = (side: typeof after) => ({
      ...side,
      units: new Map([...side.units].filter(([, { kind }]) => kind === 'api')),
    });
    expect(planChanges(apis(before), apis(after)).changes[0]!.reach).toMatchObject({ consumers: null, gateways: 0 });
  });
});

describe('an API that changes', () => {
  it.each<[string, Partial<ApiUnit>, Partial<ApiUnit>, Partial<PlannedChange>]>([
    [
      'asks for a key',
      policyWith({ auth: { kind: 'none' } }),
      {},
      {
        severity: 'breaking',
        says: 'callers must identify themselves now: API key in header x-api-key',
        field: 'policy.auth',
        from: 'open to everybody',
      },
    ],
    [
      'opens',
      {},
      policyWith({ auth: { kind: 'none' } }),
      { severity: 'widening', says: 'open to everybody, where it took API key in header x-api-key' },
    ],
    [
      'takes the key elsewhere too',
      {},
      policyWith({ auth: { kind: 'apiKey', header: 'x-api-key', bearer: true, query: null } }),
      { severity: 'widening' },
    ],
    [
      'takes the key from another header',
      {},
      policyWith({ auth: { kind: 'apiKey', header: 'x-key', bearer: false, query: null } }),
      { severity: 'breaking' },
    ],
    [
      'allows less',
      limit(600),
      limit(60),
      { severity: 'restricting', says: 'limit 600 → 60 calls a minute for each consumer', field: 'policy.rateLimits' },
    ],
    [
      'allows more',
      limit(600),
      limit(1_200),
      { severity: 'widening', says: 'limit 600 → 1,200 calls a minute for each consumer' },
    ],
    [
      'allows as much in shorter windows',
      limit(600),
      limit(10, 1_000),
      {
        severity: 'restricting',
        says: 'limit 600 calls a minute for each consumer → 10 calls a second for each consumer',
      },
    ],
    ['counts others together', limit(600), limit(600, 60_000, 'ip'), { severity: 'unknown' }],
    [
      'has no limit',
      limit(600),
      policyWith({ rateLimits: [] }),
      { severity: 'widening', says: 'no limit any more, where it was 600 calls a minute for each consumer' },
    ],
    [
      'gives up sooner',
      {},
      policyWith({ timeouts: { connectMs: 5_000, requestMs: 2_000 } }),
      { severity: 'restricting', says: 'slow answers are given up after 2s, where it was 10s' },
    ],
    [
      'connects slower',
      {},
      policyWith({ timeouts: { connectMs: 6_000, requestMs: 10_000 } }),
      { severity: 'neutral', notice: 'gateways', says: 'connection timeout 5s → 6s' },
    ],
    [
      'retires',
      {},
      { lifecycle: 'retired' },
      { severity: 'breaking', says: 'lifecycle active → retired: every call is refused' },
    ],
    [
      'has another owner',
      {},
      { owner: 'b@example.com' },
      { severity: 'neutral', notice: 'platform', says: 'owner pets@example.com → b@example.com' },
    ],
    [
      'answers at fewer hosts',
      { route: { hosts: ['a', 'b'], basePath: '/', keepBasePath: false } },
      { route: { hosts: ['b'], basePath: '/', keepBasePath: false } },
      { severity: 'breaking', says: 'hosts removed: a' },
    ],
    [
      'answers at any host',
      {},
      { route: { hosts: [], basePath: '/pets', keepBasePath: false } },
      { severity: 'widening', says: 'hosts: any host, where it was only api.example.com' },
    ],
    [
      'is opened by plans alone',
      { plans: [] },
      { plans: ['free'] },
      { severity: 'breaking', says: 'plans that open it: only free, where it was any consumer' },
    ],
    [
      'documents itself otherwise',
      {},
      { openapi: { title: 'pets', version: '1.0.0', digest: digestOf(1) } },
      { severity: 'neutral', says: `documentation ${digestOf('pets').slice(7, 15)}… → ${digestOf(1).slice(7, 15)}…` },
    ],
  ])('%s', (_, before, after, expected) => {
    expect(only(changesOf(before, after))).toMatchObject({
      change: 'changed',
      kind: 'api',
      names: ['pets'],
      ...expected,
    });
  });

  it('has operations that come, go, move and are called otherwise', () => {
    const of = (...calls: string[]) => ({
      operations: calls.map((each) => {
        const [id, method, path] = each.split(' ') as [string, string, string];
        return { id, method, path };
      }),
    });
    const changes = changesOf(
      of('a GET /a', 'b GET /b', 'c GET /c', 'd GET /d/{id}', 'e GET /e'),
      of('b POST /b2', 'd GET /d/{petId}', 'f GET /f', 'renamed GET /e', 'c GET /c'),
    );
    expect(changes.map(({ change, names: [name], severity, says }) => [change, name, severity, says])).toEqual([
      ['removed', 'pets GET /a', 'breaking', 'gone from what the API declares'],
      ['changed', 'pets GET /b', 'breaking', 'moved to POST /b2'],
      ['added', 'pets GET /f', 'widening', 'new'],
      ['renamed', 'pets GET /d/{petId}', 'neutral', 'parameters have other names: /d/{id} → /d/{petId}'],
      ['renamed', 'pets GET /e', 'neutral', 'called renamed, where it was e'],
    ]);
  });

  it('says how much of the calls weights move, and which targets are replaced', () => {
    const pool = (name: string, weight: number, ...hosts: string[]) => ({
      name,
      weight,
      targets: hosts.map((host) => target(host)),
      healthCheck: null,
    });
    const changes = changesOf(
      { pools: [pool('stable', 100, 'a', 'b', 'c'), pool('next', 0, 'n')] },
      { pools: [pool('stable', 80, 'a', 'x', 'y'), pool('next', 20, 'n')] },
    );
    expect(changes).toMatchObject([
      {
        kind: 'api',
        field: 'pools.weight',
        notice: 'gateways',
        severity: 'neutral',
        says: 'weights move 20 % of calls: stable 100 %, next 0 % → stable 80 %, next 20 %',
      },
      {
        kind: 'pool',
        names: ['pets/stable'],
        says: '2 of 3 targets replaced: http://b:80, http://c:80 → http://x:80, http://y:80; 66.7 % of its calls go elsewhere',
      },
    ]);
  });

  it('is found again under another name', () => {
    const made = planChanges(
      stateOf(...world, api('pets')),
      stateOf(...world, { ...api('pets', limit(60)), name: 'zoo' }),
      {
        usage: (name) => ({ calls: name === 'pets' ? 7 : 0, consumers: [] }),
      },
    );
    expect(made.units).toEqual({ added: 1, changed: 0, removed: 1 });
    expect(made.changes).toMatchObject([
      { change: 'changed', names: ['zoo'], severity: 'restricting', reach: { apis: 1, traffic: { calls: 7 } } },
      { change: 'renamed', from: 'pets', to: 'zoo', severity: 'neutral' },
    ]);
  });

  it('is told field by field where nobody found words for a field', () => {
    const strange = (shades: unknown) => ({ policy: { ...api('x').policy, shades } as never });
    expect(only(changesOf(strange({ tint: 1, list: [1] }), strange({ tint: 2, list: [1] })))).toMatchObject({
      field: 'policy.shades.tint',
      from: '1',
      to: '2',
      says: 'shades.tint 1 → 2',
      severity: 'unknown',
      notice: 'callers',
    });
  });

  it('is told entry by entry also where a group of fields came as a whole', () => {
    const of = (policy: object, beside: object = {}) => ({
      ...beside,
      policy: { ...api('x').policy, ...policy } as never,
    });
    const policy = {
      ip: { deny: ['10.0.0.0/8'] },
      requestLimits: { bodyBytes: 5 },
      headers: { request: { set: { authorization: 'Basic x' } } },
    };
    const says = changesOf({}, of(policy, { planOperations: { free: ['list'] } })).map((change) => [
      change.field,
      change.severity,
      change.says,
    ]);
    expect(says).toEqual([
      ['planOperations.free', 'breaking', 'operations that plan free opens: only list, where it was all of them'],
      ['policy.ip.deny', 'restricting', 'refused addresses added: 10.0.0.0/8'],
      ['policy.requestLimits.bodyBytes', 'restricting', 'largest body, bytes: 5, where there was no bound'],
      ['policy.headers.request.set.authorization', 'unknown', 'headers.request.set.authorization not set → (redacted)'],
    ]);
  });

  it('weighs an operation’s own policy against what held for it before', () => {
    const of = (operations: unknown) => ({ policy: { ...api('x').policy, operations } as never });
    const change = only(
      changesOf({}, of({ delete: { rateLimits: [{ requests: 6, windowMs: 60_000, by: 'consumer' }] } })),
    );
    expect(change).toMatchObject({
      kind: 'operation',
      names: ['pets DELETE /{id}'],
      field: 'policy.rateLimits',
      says: 'limit 600 → 6 calls a minute for each consumer',
      severity: 'restricting',
      reach: { apis: 1, operations: 1, consumers: 2 },
    });
  });
});
