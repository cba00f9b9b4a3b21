import { describe, expect, it } from '@jest/globals';
import { contentOf, settingsOf, World } from '../testing/world.ts';

describe('a rollback that a person asked for', () => {
  const rolledBackTo = (world: World, commit: string) => {
    world.give({ kind: 'rollback', request: 'r', commit, actor: 'ann', reason: '' });
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.live?.commit).toBe(commit);
  };

  it('is not undone by the revert that the platform wrote, where that brings other content', () => {
    const world = new World();
    const wanted = world.ship('a');
    world.ship('b');
    world.ship('c');
    rolledBackTo(world, wanted.commit);
    expect(world.push('d', { writtenBack: true })).toEqual([]);
    expect(world.last).toMatchObject({ phase: { kind: 'superseded' } });
    expect(world.last.detail).toContain('stays pinned');
    expect(world.live?.snapshot).toBe(contentOf('a'));
    expect(world.state.pin).not.toBeNull();
    expect(world.push('e')).toEqual(['pin-lifted', 'deployment-planned']);
  });

  it('ends with the revert that brings exactly what was asked for', () => {
    const world = new World();
    const wanted = world.ship('a');
    world.ship('b');
    rolledBackTo(world, wanted.commit);
    expect(world.push('a', { writtenBack: true })).toEqual(['pin-lifted', 'deployed']);
    expect(world.state.pin).toBeNull();
  });
});

describe('bad traffic', () => {
  it('brings back the newest that lived through its analysis, not one that was only passed through', () => {
    const world = new World();
    const trusted = world.ship('a');
    world.now += 30_000;
    world.ship('b');
    world.now += 1_000;
    const bad = world.ship('c');
    expect(world.judge(bad.id, 'regressed')).toEqual(['deployment-planned']);
    expect(world.last.rollback).toMatchObject({ from: { snapshot: contentOf('c') } });
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.live?.commit).toBe(trusted.commit);
    expect(world.state.deployments.find(({ id }) => id === bad.id)?.phase.kind).toBe('rolled-back');
  });

  it('brings back what it was compared with, not what was passed through since, where nothing had its time', () => {
    const world = new World();
    const compared = world.ship('a');
    world.now += 10_000;
    world.ship('b');
    world.now += 3_000;
    const regressed = world.ship('c');
    world.judge(regressed.id, 'regressed', contentOf('a'));
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.live?.commit).toBe(compared.commit);
    // What is known of the baseline gives way to what was bad there before.
    world.judge(world.live!.id, 'regressed', contentOf('c'));
    world.obey();
    expect(world.live?.snapshot).toBe(contentOf('b'));
  });

  it('goes further back when what it came back to is bad as well, and then stops', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    world.ship('b');
    world.now += 30_000;
    world.judge(world.ship('c').id, 'regressed');
    world.obey();
    expect(world.live?.snapshot).toBe(contentOf('b'));
    world.judge(world.live!.id, 'regressed');
    world.obey();
    expect(world.live?.snapshot).toBe(contentOf('a'));
    expect(world.state.pin?.bads.map(({ snapshot }) => snapshot)).toEqual([contentOf('c'), contentOf('b')]);
    expect(world.judge(world.live!.id, 'regressed')).toEqual([]);
    expect(world.live).toMatchObject({ snapshot: contentOf('a') });
    expect(world.live?.detail).toContain('nothing known good');
  });

  it('takes back the content although a later commit without a change went live over it', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    world.push('b');
    expect(world.live?.commit).not.toBe(bad.commit);
    world.judge(bad.id, 'regressed');
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.live?.snapshot).toBe(contentOf('a'));
  });

  it('leaves a newer commit that is being applied alone, and goes back past the bad one if that fails', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    world.push('c');
    expect(world.judge(bad.id, 'regressed')).toEqual([]);
    expect(world.refuse('edge')).toEqual(['deployment-failed', 'deployment-planned']);
    const failed = world.facts.find(({ kind }) => kind === 'deployment-failed');
    expect(failed?.data).toMatchObject({ restored: { snapshot: contentOf('a') } });
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.live?.snapshot).toBe(contentOf('a'));
  });

  it('is kept, and changes nothing, for a deployment that is not live any more', () => {
    const world = new World();
    const old = world.ship('a');
    world.ship('b');
    expect(world.judge(old.id, 'regressed')).toEqual([]);
    expect(world.state.deployments[0]).toMatchObject({ verdict: 'regressed', bad: true });
    expect(world.state.pin).toBeNull();
    expect(world.give({ kind: 'rollback', request: 'r', commit: null, actor: 'ann', reason: '' })).toEqual([
      'command-refused',
    ]);
    expect(world.notes.at(-1)).toContain('nothing known good');
  });

  it('holds a candidate until the rollback has been read back', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    world.judge(world.ship('b').id, 'regressed');
    expect(world.push('c')).toEqual([]);
    expect(world.last.phase).toMatchObject({ kind: 'waiting', reason: 'turn' });
    expect(world.obey()).toEqual(['rolled-back', 'pin-lifted', 'deployment-planned']);
  });

  it('is not brought back by a commit on top of it that was detected before the rollback was decided', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    // An unrelated commit on top of the bad one: validated only after the verdict.
    const onTop = world.candidate('c on b');
    world.now = onTop.order;
    world.judge(bad.id, 'regressed');
    world.now += 1_000;
    expect(world.give(onTop)).toEqual([]);
    expect(world.last).toMatchObject({ commit: onTop.commit, phase: { kind: 'superseded' } });
    expect(world.last.detail).toContain('detected before');
    expect(world.obey()).toEqual(['rolled-back']);
    expect(world.state.pin?.bads).toHaveLength(1);
    // The platform's revert on top of that commit: what nobody complained of goes live.
    expect(world.push('c', { writtenBack: true })).toEqual(['pin-lifted', 'deployment-planned']);
    world.obey();
    expect(world.live?.snapshot).toBe(contentOf('c'));
    expect(world.facts.filter(({ kind }) => kind === 'rolled-back')).toHaveLength(1);
  });

  it('ends a commit that already waits, and takes the next one that is pushed', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    const held = settingsOf({ promoteFrom: 'staging' });
    world.push('c on b', { settings: held });
    const waits = world.last;
    world.now += 1_000;
    world.judge(bad.id, 'regressed');
    expect(world.state.deployments.find(({ id }) => id === waits.id)?.phase.kind).toBe('superseded');
    world.obey();
    expect(world.push('mended')).toEqual(['pin-lifted', 'deployment-planned']);
  });

  it('gives way to a revert that a person pushed before the verdict, since that brings what runs', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    const reverted = world.candidate('a');
    world.now = reverted.order;
    world.judge(bad.id, 'regressed');
    expect(world.give(reverted)).toEqual([]);
    expect(world.obey()).toEqual(['rolled-back', 'pin-lifted', 'deployed']);
    expect(world.state.pin).toBeNull();
  });

  it('deploys an older commit where a person insists, and keeps the pin', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    const bad = world.ship('b');
    const onTop = world.candidate('c on b');
    world.now = onTop.order;
    world.judge(bad.id, 'regressed');
    world.obey();
    world.give(onTop);
    const asked = { kind: 'deploy' as const, request: 'd', commit: onTop.commit, actor: 'ann', reason: '' };
    expect(world.give(asked)).toEqual(['deployment-planned']);
    expect(world.state.pin).not.toBeNull();
  });

  it('never puts a rollback that fails back to what was bad', () => {
    const world = new World();
    world.ship('a');
    world.now += 30_000;
    world.judge(world.ship('b').id, 'regressed');
    expect(world.after(30_000)).toEqual(['deployment-failed']);
    expect(world.state.gateways['edge']?.snapshot).toBe(contentOf('a'));
    world.now += 10_000;
    expect(world.obey()).toEqual(['rolled-back']);
  });
});
