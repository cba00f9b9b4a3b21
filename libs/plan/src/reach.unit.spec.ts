import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, PlannedChange } from '@gitway/contracts';
import { planChanges, type PlanContext } from './plan-changes.ts';
import { renderPlanJson } from './render/json.ts';
import { api, consumer, consumers, environment, gateway, plan, policyWith, stateOf } from './testing/units.ts';

const world = [environment('eu', 'us'), plan('free', 100), consumers(consumer('acme'), consumer('globex'))];

/** The changes of one API, with consumers, a plan and two gateways around it. */
function changesOf(before: Partial<ApiUnit>, after: Partial<ApiUnit>, context: PlanContext = {}): PlannedChange[] {
  const sides = [before, after].map((change) => stateOf(...world, api('pets', change)));
  return planChanges(sides[0]!, sides[1]!, context).changes;
}
const limit = (requests: number) => policyWith({ rateLimits: [{ requests, windowMs: 60_000, by: 'consumer' }] });
const only = (changes: PlannedChange[]) => {
  expect(changes).toHaveLength(1);
  return changes[0]!;
};

describe('the reach of a change', () => {
  it('counts consumers by the plans that they hold, gateways, and use', () => {
    const usage = (name: string, operation?: string) =>
      name === 'pets' ? { calls: operation === 'delete' ? 4 : 1_204, consumers: ['acme'] } : undefined;
    expect(only(changesOf(limit(2), limit(1), { usage })).reach).toEqual({
      apis: 1,
      operations: 2,
      consumers: 2,
      anybody: false,
      gateways: 2,
      traffic: { days: 7, calls: 1_204, consumers: 1 },
    });
    const [gone] = changesOf({}, { operations: [api('x').operations[0]!] }, { usage });
    expect(gone!.reach).toMatchObject({ operations: 1, traffic: { calls: 4 } });
    expect(only(changesOf(limit(2), limit(1))).reach.traffic).toBeNull();
  });

  it('says where anybody may call, and leaves out consumers of other plans and suspended ones', () => {
    const of = (change: Partial<ApiUnit>) =>
      stateOf(
        environment('eu'),
        consumers(consumer('a'), consumer('b', { plans: ['pro'] }), consumer('c', { suspended: true })),
        api('pets', change),
      );
    expect(planChanges(of(limit(2)), of(limit(1))).reach).toMatchObject({ consumers: 1, anybody: false });
    const open = (connectMs: number) =>
      policyWith({ auth: { kind: 'none' }, timeouts: { connectMs: 1, requestMs: connectMs } });
    expect(planChanges(of({ plans: [], ...open(2) }), of({ plans: [], ...open(1) })).reach).toMatchObject({
      consumers: 0,
      anybody: true,
    });
    expect(planChanges(of({ plans: [], ...limit(2) }), of({ plans: [], ...limit(1) })).reach.consumers).toBe(2);
  });

  it('of a plan is the APIs that it opens and those who hold it', () => {
    const of = (requests: number) =>
      stateOf(
        environment('eu'),
        plan('free', requests),
        consumers(consumer('a'), consumer('b')),
        api('x'),
        api('y', { plans: ['pro'] }),
      );
    expect(only(planChanges(of(10), of(20)).changes)).toMatchObject({
      kind: 'plan',
      severity: 'widening',
      says: 'limit 10 → 20 calls a minute for each consumer',
      reach: { apis: 1, operations: 2, consumers: 2 },
    });
  });
});

describe('consumers, gateways and the environment', () => {
  const between = (before: Parameters<typeof stateOf>, after: Parameters<typeof stateOf>) =>
    planChanges(stateOf(...before), stateOf(...after)).changes.map(({ names: [name], severity, says, notice }) => [
      name,
      severity,
      notice,
      says,
    ]);

  it('tells keys without telling them', () => {
    const [old, now] = ['a', 'b'].map((digit) => digit.repeat(64));
    const changes = planChanges(
      stateOf(consumers(consumer('acme', { keyHashes: [old!] }))),
      stateOf(consumers(consumer('acme', { keyHashes: [now!] }))),
    );
    expect(changes.changes.map(({ says }) => says)).toEqual(['1 key (aaaaaaaa…) revoked', '1 key (bbbbbbbb…) added']);
    expect(renderPlanJson(changes)).not.toMatch(/a{9}|b{9}/);
    const expiring = (day: string) => consumers(consumer('acme', { keyHashes: [old!], keyExpiries: { [old!]: day } }));
    const later = planChanges(stateOf(expiring('2026-01-01')), stateOf(expiring('2026-02-01')));
    expect(later.changes).toMatchObject([
      { field: 'keyExpiries.aaaaaaaa…', says: 'last day of a key 2026-01-01 → 2026-02-01' },
    ]);
    expect(renderPlanJson(later)).not.toMatch(/a{9}/);
  });

  it('tells consumers that come, go, are suspended, subscribe, and are renamed', () => {
    expect(
      between(
        [consumers(consumer('gone'), consumer('kept'), consumer('old', { keyHashes: ['c'.repeat(64)] }))],
        [
          consumers(
            consumer('fresh'),
            consumer('kept', { suspended: true, plans: ['pro'] }),
            consumer('new', { keyHashes: ['c'.repeat(64)] }),
          ),
        ],
      ),
    ).toEqual([
      ['gone', 'breaking', 'callers', 'gone: 1 key, plan free'],
      ['kept', 'breaking', 'callers', 'no longer subscribed to free'],
      ['kept', 'breaking', 'callers', 'suspended: its calls are refused'],
      ['kept', 'widening', 'callers', 'subscribed to pro'],
      ['fresh', 'widening', 'callers', 'new: 1 key, plan free'],
      ['new', 'neutral', 'platform', 'was old: the same keys, its figures and limits begin anew'],
    ]);
  });

  it('tells listeners that move, and settings that no caller notices', () => {
    const settings = (soakMs: number) => ({ ...environment('eu'), promotion: { soakMs, approvals: 0 } });
    expect(between([gateway('eu', 80), settings(0)], [gateway('eu', 81), settings(60_000)])).toEqual([
      ['eu', 'breaking', 'callers', 'listener moved: port 80 → 81'],
      ['production', 'neutral', 'platform', 'promotion.soak 0s → 1m'],
    ]);
  });
});

describe('many changes', () => {
  it('that are equal are told once', () => {
    const apis = (requests: number) => Array.from({ length: 40 }, (_, index) => api(`svc-${index}`, limit(requests)));
    const change = only(planChanges(stateOf(...world, ...apis(600)), stateOf(...world, ...apis(300))).changes);
    expect(change).toMatchObject({
      count: 40,
      says: 'limit 600 → 300 calls a minute for each consumer',
      reach: { apis: 40, operations: 80 },
    });
    expect(change.names).toHaveLength(20);
  });

  it('that all differ stay bounded, and all are counted', () => {
    const apis = (shift: number) =>
      Array.from({ length: 2_000 }, (_, index) =>
        api(`svc-${index}`, { ...limit(1_000 + index + shift), owner: `${index + shift}` }),
      );
    const made = planChanges(stateOf(...world, ...apis(7)), stateOf(...world, ...apis(0)));
    expect(made.units.changed).toBe(2_000);
    expect(made.changes).toMatchObject([
      {
        count: 2_000,
        field: 'policy.rateLimits',
        severity: 'restricting',
        from: null,
        to: null,
        says: 'policy.rateLimits differs',
      },
      { count: 2_000, field: 'owner', severity: 'neutral' },
    ]);
    expect(renderPlanJson(made).length).toBeLessThan(20_000);
  });
});
