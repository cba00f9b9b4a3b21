import { describe, expect, it } from '@jest/globals';
import { contentOf, settingsOf, World } from '../testing/world.ts';

const MINUTE_MS = 60_000;

describe('a candidate', () => {
  it('is deployed at once where nothing is promoted from, and live only after read-back', () => {
    const world = new World();
    expect(world.push('a')).toEqual(['deployment-planned']);
    expect(world.live).toBeUndefined();
    world.answer('edge', { generation: 0, running: null });
    expect(world.look()).toEqual([]);
    expect(world.obey()).toEqual(['deployed']);
    expect(world.live?.snapshot).toBe(contentOf('a'));
  });

  it('takes the place of one that is being applied, which ends superseded', () => {
    const world = new World();
    world.push('a');
    world.push('b');
    expect(world.state.deployments.map(({ phase }) => phase.kind)).toEqual(['superseded', 'applying']);
    expect(world.state.gateways['edge']).toMatchObject({ generation: 2, snapshot: contentOf('b') });
    // The gateway answers what it was asked first: that is not what is wanted any more.
    world.answer('edge', { generation: 1, running: contentOf('a') });
    expect(world.look()).toEqual([]);
  });

  it('does not ask a gateway again for content that is on its way already', () => {
    const world = new World();
    world.push('a');
    world.push('a');
    expect(world.state.gateways['edge']?.generation).toBe(1);
    expect(world.obey()).toEqual(['deployed']);
  });

  it('is promoted when its parent has soaked, and not a millisecond before', () => {
    const world = new World(settingsOf({ promoteFrom: 'staging' }));
    const candidate = world.candidate('a');
    world.give(candidate);
    expect(world.last.phase).toEqual({ kind: 'waiting', reason: 'parent', dueAt: null });
    world.standings.set(candidate.commit, { kind: 'ran', since: world.now, until: null });
    world.look();
    expect(world.wakeAt).toBe(world.now + MINUTE_MS);
    expect(world.after(MINUTE_MS - 1)).toEqual([]);
    expect(world.after(1)).toEqual(['deployment-planned']);
  });

  it('waits on when the parent moved on before it had soaked, and goes when it had', () => {
    const world = new World(settingsOf({ promoteFrom: 'staging' }));
    const candidate = world.candidate('a');
    world.give(candidate);
    world.standings.set(candidate.commit, { kind: 'ran', since: world.now, until: world.now + MINUTE_MS - 1 });
    expect(world.after(10 * MINUTE_MS)).toEqual([]);
    world.standings.set(candidate.commit, { kind: 'ran', since: world.now - MINUTE_MS, until: world.now });
    expect(world.look()).toEqual(['deployment-planned']);
  });

  describe('that weakens its own gate passes the gate of what is live', () => {
    const strict = settingsOf({ promoteFrom: 'staging', promotion: { soakMs: 60_000, approvals: 2 } });
    const worldWithLive = () => {
      const world = new World(strict);
      // The first deployment knows only its own gate; a person puts it past that.
      const first = world.candidate('a');
      world.give(first);
      world.give({ kind: 'deploy', request: 'd', commit: first.commit, actor: 'ann', reason: '' });
      world.obey();
      return world;
    };
    const passes = (world: World, changes: Parameters<typeof settingsOf>[0]) => {
      const candidate = world.candidate('b', { settings: settingsOf(changes) });
      world.give(candidate);
      expect(world.live?.snapshot).toBe(contentOf('a'));
      world.standings.set(candidate.commit, { kind: 'ran', since: world.now, until: null });
      expect(world.look()).toEqual([]);
      expect(world.last.phase).toMatchObject({ kind: 'waiting', reason: 'soak', dueAt: world.now + 60_000 });
      expect(world.after(60_000)).toEqual(['approval-requested']);
      expect(world.facts.at(-1)?.data).toMatchObject({ needed: 2 });
      expect(world.give({ kind: 'approval', request: 'a1', deployment: world.last.id, actor: 'ann' })).toEqual([]);
      expect(world.give({ kind: 'approval', request: 'a2', deployment: world.last.id, actor: 'bo' })).toEqual([
        'deployment-planned',
      ]);
    };

    it.each([
      ['without soak and approvals', { promoteFrom: 'staging', promotion: { soakMs: 0, approvals: 0 } }],
      ['without approvals', { promoteFrom: 'staging', promotion: { soakMs: 60_000, approvals: 0 } }],
      ['promoted from nowhere', { promoteFrom: null, promotion: { soakMs: 0, approvals: 0 } }],
      ['promoted from elsewhere', { promoteFrom: 'sandbox', promotion: { soakMs: 0, approvals: 0 } }],
    ])('%s', (_name, changes) => passes(worldWithLive(), changes));

    it('and one that strengthens it passes the new one', () => {
      const world = new World(settingsOf({ promoteFrom: 'staging', promotion: { soakMs: 0, approvals: 0 } }));
      const first = world.candidate('a');
      world.standings.set(first.commit, { kind: 'ran', since: 0, until: null });
      world.give(first);
      world.obey();
      passes(world, { promoteFrom: 'staging', promotion: { soakMs: 60_000, approvals: 2 } });
    });
  });

  it('of two takes the newer, whichever is told first', () => {
    const world = new World();
    const older = world.candidate('a');
    const newer = world.candidate('b');
    world.give(newer);
    world.give(older);
    expect(world.last).toMatchObject({ snapshot: contentOf('a'), phase: { kind: 'superseded' } });
    world.obey();
    expect(world.live?.snapshot).toBe(contentOf('b'));
  });
});

describe('a deployment that fails', () => {
  it('is put back, and tried again after a while: a gateway may have refused in passing', () => {
    const world = new World();
    world.ship('a');
    world.push('b');
    expect(world.refuse('edge', 'port 80 is taken')).toEqual(['deployment-failed']);
    expect(world.last.detail).toContain('edge: port 80 is taken');
    expect(world.state.gateways['edge']).toMatchObject({ generation: 3, snapshot: contentOf('a') });
    world.obey();
    expect(world.after(9_999)).toEqual([]);
    expect(world.after(1)).toEqual(['deployment-planned']);
    world.refuse('edge');
    world.after(20_000);
    world.refuse('edge');
    expect(world.after(3_600_000)).toEqual([]);
    expect(world.state.deployments).toHaveLength(4);
  });

  it('by silence is tried again once, when the gateway is back, however long that takes', () => {
    const world = new World();
    world.ship('a');
    world.push('b');
    expect(world.after(30_000)).toEqual(['deployment-failed']);
    expect(world.after(86_400_000)).toEqual([]);
    expect(world.obey()).toEqual(['deployment-planned']);
    expect(world.obey()).toEqual(['deployed']);
    expect(world.live?.snapshot).toBe(contentOf('b'));
  });

  it('is given up for a newer commit', () => {
    const world = new World();
    world.ship('a');
    world.push('b');
    world.refuse('edge');
    world.push('c');
    expect(world.state.retry).toBeNull();
  });
});

describe('a command that is refused', () => {
  it.each([
    ['rollback', 'never ran here', { kind: 'rollback', commit: 'f'.repeat(40), reason: '' }],
    ['rollback', 'nothing known good', { kind: 'rollback', commit: null, reason: '' }],
    ['deploy', 'never validated here', { kind: 'deploy', commit: 'f'.repeat(40), reason: '' }],
    ['approve', 'not known here', { kind: 'approval', deployment: 'nothing' }],
  ] as const)('%s: tells the request why: %s', (command, why, input) => {
    const world = new World();
    world.ship('a');
    const before = structuredClone(world.state);
    expect(world.give({ ...input, request: 'r', actor: 'ann' })).toEqual(['command-refused']);
    expect(world.facts.at(-1)?.data).toMatchObject({ environment: 'production', request: 'r', command, actor: 'ann' });
    expect(world.facts.at(-1)?.data).toMatchObject({ reason: expect.stringContaining(why) });
    expect(world.state).toEqual(before);
  });

  it('also where the environment is pinned against what was asked for', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    world.judge(bad.id, 'regressed');
    const ask = { kind: 'deploy', commit: bad.commit, actor: 'ann', reason: '' } as const;
    expect(world.give({ ...ask, request: 'd1' })).toEqual(['command-refused']);
    world.obey();
    expect(world.give({ ...ask, request: 'd2' })).toEqual(['command-refused']);
    expect(world.live?.snapshot).toBe(contentOf('a'));
  });
});

describe('drift', () => {
  const drift = [{ path: 'file haproxy.cfg', desired: 'a', live: 'b' }];

  it('of a writer that keeps fighting is healed five times in a minute, then ever more slowly', () => {
    const world = new World();
    world.ship('a');
    const healedAt: number[] = [];
    const begin = world.now;
    let generation = world.state.gateways['edge']!.generation;
    for (let second = 0; second < 120; second += 1) {
      world.now += 1_000;
      world.answer('edge', { drift: second % 2 === 0 ? drift : [] });
      world.look();
      const now = world.state.gateways['edge']!.generation;
      if (now !== generation) healedAt.push((world.now - begin) / 1_000);
      generation = now;
    }
    expect(healedAt.slice(0, 5)).toEqual([1, 3, 5, 7, 9]);
    expect(healedAt.length).toBeLessThanOrEqual(8);
    expect(world.notes.some((note) => note.includes('keeps coming back'))).toBe(true);
  });

  it('is no drift while a deployment is being applied', () => {
    const world = new World();
    world.ship('a');
    world.push('b');
    world.answer('edge', { generation: 1, running: contentOf('a'), drift });
    expect(world.look()).toEqual([]);
    const input = { gateway: 'edge', generation: 1, snapshot: contentOf('a'), fields: drift, observedAt: world.now };
    expect(world.give({ kind: 'drift-observed', ...input })).toEqual([]);
  });

  it('that is told late, after it was healed, is left alone', () => {
    const world = new World();
    world.ship('a');
    const target = world.state.gateways['edge']!;
    const input = {
      kind: 'drift-observed' as const,
      gateway: 'edge',
      generation: target.generation,
      snapshot: target.snapshot,
      fields: drift,
      observedAt: world.now + 10,
    };
    expect(world.give(input)).toEqual(['drift-detected']);
    expect(world.give(input)).toEqual([]);
    world.now += 50;
    expect(world.obey()).toEqual(['drift-resolved']);
    expect(world.give(input)).toEqual([]);
    expect(world.facts.find(({ kind }) => kind === 'drift-resolved')?.data).toMatchObject({
      how: 'healed',
      durationMs: 50,
    });
  });
});
