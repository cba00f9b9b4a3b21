import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commitOf, contentOf, settingsOf, World } from '../testing/world.ts';
import { defaultLimits } from './decision.ts';
import type { Fact, Input, Outcome } from './decision.ts';
import { hasEnded, isCandidate, isPinnedBad } from './state.ts';
import type { EnvironmentState } from './state.ts';

/**
 * Plays random histories against the decision core and checks what must hold after each step. A history knows nothing
 * of the implementation: it only says what happened outside (commits, reports, verdicts, people, time, crashes).
 */
const which = fc.record({ of: fc.nat(50), pick: fc.constantFrom('any', 'live', 'bad', 'newest') });
const gateway = fc.constantFrom('edge-a', 'edge-b');
const does = <Name extends string>(name: Name) => ({ do: fc.constant(name) });
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...does('commit'), content: fc.nat(3), late: fc.nat(6), gated: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record(does('obey-all')) },
  { weight: 3, arbitrary: fc.record({ ...does('obey'), gateway }) },
  { weight: 1, arbitrary: fc.record({ ...does('refuse'), gateway }) },
  { weight: 2, arbitrary: fc.record({ ...does('stale-report'), gateway, back: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ ...does('drift'), gateway }) },
  { weight: 1, arbitrary: fc.record({ ...does('drift-observed'), gateway, back: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...does('verdict'),
      which,
      outcome: fc.constantFrom('healthy', 'regressed', 'inconclusive'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...does('approve'), which, actor: fc.constantFrom('ann', 'bo', 'cy') }) },
  { weight: 2, arbitrary: fc.record({ ...does('deploy'), which }) },
  { weight: 2, arbitrary: fc.record({ ...does('rollback'), which, toKnownGood: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ ...does('parent'), which, standing: fc.constantFrom('pending', 'bad', 'ran', 'ran') }),
  },
  { weight: 3, arbitrary: fc.record({ ...does('time'), ms: fc.constantFrom(1, 500, 5_000, 31_000, 70_000, 700_000) }) },
  { weight: 2, arbitrary: fc.record({ ...does('replay'), of: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record(does('restart')) },
  { weight: 1, arbitrary: fc.record({ ...does('restore-bucket'), gateway, ahead: fc.nat(5) }) },
);

type Step = {
  do: string;
  content: number;
  late: number;
  gated: number;
  which: { of: number; pick: 'any' | 'live' | 'bad' | 'newest' };
  toKnownGood: boolean;
  gateway: string;
  back: number;
  of: number;
  outcome: 'healthy' | 'regressed' | 'inconclusive';
  actor: string;
  standing: 'pending' | 'bad' | 'ran';
  ms: number;
  ahead: number;
};

const open = settingsOf({ gateways: ['edge-a', 'edge-b'] });
const gated = settingsOf({
  gateways: ['edge-a', 'edge-b'],
  promoteFrom: 'staging',
  promotion: { soakMs: 60_000, approvals: 2 },
});

class History {
  readonly world = new World(open, defaultLimits);
  readonly given: Input[] = [];
  /** Commands are handled once by the inbox; what is decided on them is not repeatable by its nature. */
  readonly inbox = new Set<string>();
  readonly started = new Map<string, number>();

  constructor(readonly seen: Set<Fact['kind']>) {}

  play(given: Partial<Step>): void {
    const step = given as Step;
    const { world } = this;
    const any = step.which === undefined ? undefined : this.pick(step.which);
    switch (step.do) {
      case 'commit': {
        const settings = step.gated === 0 ? gated : open;
        const candidate = world.candidate(step.content, { settings });
        const lateMs = [40_000, 3_000, 400][step.late] ?? 0;
        return this.give({ ...candidate, order: candidate.order - lateMs });
      }
      case 'obey':
        world.answer(step.gateway);
        return this.give({ kind: 'look' });
      case 'obey-all':
        this.obeyAll();
        return this.give({ kind: 'look' });
      case 'refuse':
        world.answer(step.gateway, { running: null, problems: [{ unit: null, message: 'no' }] });
        return this.give({ kind: 'look' });
      case 'stale-report': {
        const target = world.state.gateways[step.gateway];
        if (target !== undefined)
          world.answer(step.gateway, { generation: Math.max(0, target.generation - step.back), running: null });
        return this.give({ kind: 'look' });
      }
      case 'drift':
        world.answer(step.gateway, { drift: [{ path: 'file', desired: 'a', live: 'b' }] });
        return this.give({ kind: 'look' });
      case 'drift-observed': {
        const target = world.state.gateways[step.gateway];
        if (target === undefined) return;
        return this.give({
          kind: 'drift-observed',
          gateway: step.gateway,
          generation: target.generation - step.back,
          snapshot: target.snapshot,
          fields: [{ path: 'file', desired: 'a', live: 'b' }],
          observedAt: world.now,
        });
      }
      case 'verdict':
        if (any !== undefined)
          this.give({ kind: 'verdict', deployment: any.id, outcome: step.outcome, baseline: null, detail: 'worse' });
        return;
      case 'approve':
        if (any !== undefined)
          this.give({ kind: 'approval', request: `a${this.given.length}`, deployment: any.id, actor: step.actor });
        return;
      case 'deploy':
        if (any !== undefined) {
          this.give({ kind: 'deploy', request: `d${this.given.length}`, commit: any.commit, actor: 'ann', reason: '' });
        }
        return;
      case 'rollback': {
        const commit = step.toKnownGood ? null : (any?.commit ?? commitOf(9));
        return this.give({ kind: 'rollback', request: `r${this.given.length}`, commit, actor: 'ann', reason: '' });
      }
      case 'parent':
        if (any === undefined) return;
        world.standings.set(
          any.commit,
          step.standing === 'ran' ? { kind: 'ran', since: world.now, until: null } : { kind: step.standing },
        );
        return this.give({ kind: 'look' });
      case 'time':
        world.now += step.ms;
        return this.give({ kind: 'look' });
      case 'replay': {
        const input = this.given.length === 0 ? undefined : this.given[step.of % this.given.length];
        if (input === undefined || ('request' in input && this.inbox.has(input.request))) return;
        if (input.kind === 'candidate') {
          const { changed, facts } = world.peek(input);
          const { changed: moves } = world.peek({ kind: 'look' });
          if (!moves) expect({ changed, facts }).toEqual({ changed: false, facts: [] });
        }
        return this.give(input);
      }
      case 'restart':
        world.state = JSON.parse(JSON.stringify(world.state)) as EnvironmentState;
        return this.give({ kind: 'look' });
      case 'restore-bucket': {
        const target = world.state.gateways[step.gateway];
        if (target === undefined) return;
        return this.give({
          kind: 'desired-ahead',
          gateway: step.gateway,
          generation: target.generation + step.ahead - 2,
          snapshot: contentOf('somebody else'),
        });
      }
    }
  }

  pick({ of, pick }: Step['which']) {
    const { state } = this.world;
    const among = {
      any: state.deployments,
      live: state.deployments.filter(({ phase }) => phase.kind === 'live'),
      bad: state.deployments.filter(({ bad }) => bad),
      newest: state.deployments.slice(-1),
    }[pick];
    return among.length === 0 ? undefined : among[of % among.length];
  }

  obeyAll(): void {
    for (const name of Object.keys(this.world.state.gateways)) this.world.answer(name);
  }

  give(input: Input): void {
    const { world } = this;
    const before = JSON.stringify(world.state);
    const outcome = world.peek(input);
    expect(JSON.stringify(world.state)).toBe(before);
    this.check(world.state, outcome);
    this.given.push(input);
    if ('request' in input) this.inbox.add(input.request);
    world.keep(outcome);
    const again = world.peek(input);
    // A refusal leaves nothing behind, so only the inbox knows that it was told.
    const facts = again.facts.filter(({ kind }) => kind !== 'command-refused');
    expect({ input, facts, changed: again.changed }).toEqual({ input, facts: [], changed: false });
  }

  check(before: EnvironmentState, { state, facts, changed }: Outcome): void {
    const { now } = this.world;
    const of = (kind: string) => state.deployments.filter(({ phase }) => phase.kind === kind);
    expect(of('applying').length).toBeLessThanOrEqual(1);
    expect(of('live').length).toBeLessThanOrEqual(1);
    expect(state.deployments.filter(isCandidate).length).toBeLessThanOrEqual(1);
    expect(new Set(state.deployments.map(({ id }) => id)).size).toBe(state.deployments.length);
    if (!changed) expect(state).toEqual(before);

    for (const [name, { generation }] of Object.entries(before.gateways)) {
      expect(state.gateways[name]!.generation).toBeGreaterThanOrEqual(generation);
    }
    for (const deployment of state.deployments) {
      const old = before.deployments.find(({ id }) => id === deployment.id);
      if (old !== undefined && hasEnded(old)) expect(deployment.phase).toEqual(old.phase);
      const began = deployment.phase.kind === 'applying' && old?.phase.kind !== 'applying';
      if (began) expect(isPinnedBad(state.pin, deployment.snapshot)).toBe(false);
      if (began && before.pin !== null) expect(isPinnedBad(before.pin, deployment.snapshot)).toBe(false);
      // Read back, or not live.
      if (deployment.phase.kind === 'live' && old?.phase.kind !== 'live') {
        for (const name of deployment.settings.gateways) {
          const seen = this.world.observations[name]!;
          expect(seen.running).toBe(deployment.snapshot);
          expect(seen.problems).toEqual([]);
        }
      }
      // Nothing is stuck: whoever waits has a time, a person or the parent environment to wait for.
      if (deployment.phase.kind === 'applying') expect(deployment.phase.deadlineAt).toBeGreaterThan(now);
      if (deployment.phase.kind === 'waiting' && deployment.phase.reason === 'turn')
        expect(of('applying')[0]?.rollback).toBeTruthy();
      if (deployment.phase.kind === 'waiting' && deployment.phase.reason === 'soak')
        expect(deployment.phase.dueAt).toBeGreaterThan(now);
      // Gates, its own and that of what is live: it was live in the parent, had soaked and was approved, or changes nothing.
      const isGated = [deployment, ...of('live')].some(({ settings }) => settings.promoteFrom !== null);
      if (
        began &&
        isGated &&
        !deployment.skipsGates &&
        deployment.attempt === 1 &&
        facts.some(isPlanOf(deployment.id))
      ) {
        const standing = this.world.standings.get(deployment.commit);
        const changesNothing = deployment.previous?.snapshot === deployment.snapshot;
        if (!changesNothing) {
          expect(standing).toMatchObject({ kind: 'ran' });
          expect(standing?.kind === 'ran' && now - standing.since).toBeGreaterThanOrEqual(60_000);
          expect(deployment.approvals.length).toBeGreaterThanOrEqual(2);
        }
      }
    }
    for (const fact of facts) {
      this.seen.add(fact.kind);
      // What was detected before a rollback was decided cannot take it into account; unless it brings what runs anyway.
      if (fact.kind === 'pin-lifted') {
        const by = state.deployments.find(({ id }) => id === fact.deployment)!;
        const sinceOf = ({ pin }: EnvironmentState) => pin?.since ?? 0;
        if (by.snapshot !== by.previous?.snapshot) expect(by.order).toBeGreaterThan(sinceOf(before));
      }
      if (fact.kind === 'deployed' || fact.kind === 'deployment-failed' || fact.kind === 'rolled-back') {
        const ends = (this.started.get(`${fact.kind} ${fact.deployment}`) ?? 0) + 1;
        this.started.set(`${fact.kind} ${fact.deployment}`, ends);
        expect(ends).toBe(1);
      }
    }
  }

  isAtRest(): boolean {
    const { state, observations } = this.world;
    const isReadBack = (name: string) => observations[name]?.generation === state.gateways[name]!.generation;
    return (
      this.world.wakeAt === null &&
      state.retry === null &&
      !state.deployments.some((each) => isCandidate(each) || each.phase.kind === 'applying') &&
      Object.keys(state.gateways).every((name) => isReadBack(name) && state.gateways[name]!.drift === null)
    );
  }

  /** The world becomes friendly: parents soak, people approve, gateways obey, time goes on. */
  settle(): void {
    const { world } = this;
    for (let round = 0; round < 60 && !this.isAtRest(); round += 1) {
      for (const { commit, id } of world.state.deployments.filter(isCandidate)) {
        world.standings.set(commit, { kind: 'ran', since: 0, until: null });
        this.give({ kind: 'approval', request: `a${this.given.length}`, deployment: id, actor: 'ann' });
        this.give({ kind: 'approval', request: `a${this.given.length}`, deployment: id, actor: 'bo' });
      }
      this.obeyAll();
      this.give({ kind: 'look' });
      world.now = Math.max(world.now + 1_000, world.wakeAt ?? 0);
    }
    const { state } = world;
    expect(state.deployments.filter(({ phase }) => phase.kind === 'applying' || phase.kind === 'waiting')).toEqual([]);
    expect(state.deployments.filter(isCandidate)).toEqual([]);
    expect(state.retry).toBeNull();
    const live = world.live;
    if (live !== undefined) {
      for (const name of live.settings.gateways) {
        expect(state.gateways[name]!.snapshot).toBe(live.snapshot);
        expect(state.gateways[name]!.drift).toBeNull();
      }
    }
    expect(world.wakeAt).toBeNull();
  }
}

const isPlanOf = (id: string) => (fact: Fact) => fact.kind === 'deployment-planned' && fact.deployment === id;

describe('any history of an environment', () => {
  it('keeps what must hold after every step, and comes to rest in a friendly world', () => {
    const seen = new Set<Fact['kind']>();
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 80, size: 'max' }), (steps) => {
        const history = new History(seen);
        for (const each of steps) history.play(each);
        history.settle();
      }),
      { numRuns: 120 },
    );
    // Histories that never get there would prove nothing.
    expect([...seen].sort()).toEqual([
      'approval-requested',
      'command-refused',
      'deployed',
      'deployment-failed',
      'deployment-planned',
      'drift-detected',
      'drift-resolved',
      'pin-lifted',
      'rolled-back',
    ]);
  });
});
