import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  approvalGranted,
  approvalRequested,
  type Block,
  commandRefused,
  deployed,
  deploymentPlanned,
  deploymentViewSchema,
  deployRequested,
  driftDetected,
  driftResolved,
  pinLifted,
  rollbackRequested,
  rolledBack,
} from '@gitway/contracts';
import { NatsGatewayStates } from '@gitway/messaging';
import type { RunningService } from '@gitway/service';
import { waitFor } from '@gitway/testing';
import { useDeployer } from './testing/use-deployer.ts';

const world = useDeployer();
let service: RunningService;
beforeAll(async () => {
  service = await world.start();
}, 60_000);

describe('a deployer over real servers', () => {
  it('deploys a validated commit and says so after read-back, in the story of the commit', async () => {
    const edge = await world.agent('plain');
    const pushed = await world.push('plain', 'one');
    const event = await world.hear(deployed, 'plain');
    expect(event.correlationId).toBe(pushed.event);
    expect(event.causationId).toBe(pushed.event);
    expect(event.data).toMatchObject({
      commit: pushed.commit,
      snapshot: pushed.snapshot,
      cause: 'commit',
      previous: null,
      gateways: [{ name: 'edge', generation: 1 }],
      analysis: { windowMs: 60_000, minRequests: 10 },
    });
    expect(event.data.changes.units.map(({ change, kind }) => `${change} ${kind}`)).toEqual([
      'added api',
      'added environment',
    ]);
    const { detectedAt, validatedAt, desiredAt, renderedAt, appliedAt, reportedAt } = event.data.times;
    const stages = [detectedAt, validatedAt, desiredAt, renderedAt, appliedAt, reportedAt];
    expect(stages.every((at) => at !== undefined)).toBe(true);
    expect(stages.map((at) => Date.parse(at!)).toSorted((a, b) => a - b)).toEqual(stages.map((at) => Date.parse(at!)));
    expect(edge.running).toBe(pushed.snapshot);

    const second = await world.push('plain', 'two');
    const next = await world.hear(deployed, 'plain', 2);
    expect(next.data.previous).toEqual({ commit: pushed.commit, snapshot: pushed.snapshot });
    expect(next.data.changes).toEqual({ total: 1, units: [{ change: 'changed', kind: 'api', name: 'petstore' }] });
    expect(edge.asked.map(({ generation }) => generation)).toEqual([1, 2]);

    const view = await world.environmentOf(service, 'plain');
    expect(view).toMatchObject({
      live: { commit: second.commit },
      next: null,
      pin: null,
      gateways: [{ name: 'edge', inSync: true }],
    });
    const [newest] = await world.deploymentsOf(service, 'plain');
    expect(newest).toMatchObject({ state: 'live', author: { name: 'Ada' }, message: 'two', commit: second.commit });
    const one = deploymentViewSchema.parse(
      await (await world.get(service, `/deployments/${newest!.deployment}`)).json(),
    );
    expect(one).toEqual(newest);
  });

  it('takes a commit that changes nothing for live at once, without touching a gateway', async () => {
    const edge = await world.agent('same');
    const first = await world.push('same', 'one');
    await world.hear(deployed, 'same');
    const second = await world.push('same', 'one');
    const event = await world.hear(deployed, 'same', 2);
    expect(event.data).toMatchObject({
      commit: second.commit,
      previous: { commit: first.commit, snapshot: second.snapshot },
      changes: { total: 0 },
    });
    expect(edge.asked).toHaveLength(1);
    expect(world.heardOf(deploymentPlanned, 'same')).toHaveLength(1);
  });

  it('promotes after the parent has soaked and people have approved', async () => {
    await world.agent('stage');
    await world.agent('prod');
    const gates = { promoteFrom: 'stage', promotion: { soakMs: 400, approvals: 2 } };
    const staged = await world.push('stage', 'one');
    const pushed = await world.push('prod', 'one', gates, { commit: staged.commit });
    const live = await world.hear(deployed, 'stage');
    const asked = await world.hear(approvalRequested, 'prod');
    expect(asked.data).toMatchObject({ commit: pushed.commit, needed: 2 });
    expect(Date.parse(asked.time) - Date.parse(live.time)).toBeGreaterThanOrEqual(395);
    const approve = (actor: string) =>
      world.publish(approvalGranted, { environment: 'prod', deployment: asked.data.deployment, reason: 'fine', actor });
    await approve('ann');
    await approve('ann');
    await waitFor(
      async () => (await world.environmentOf(service, 'prod'))?.next?.detail === 'waits for approval: 1 of 2',
    );
    expect(world.heardOf(deploymentPlanned, 'prod')).toEqual([]);
    await approve('bo');
    const event = await world.hear(deployed, 'prod');
    expect(event.data).toMatchObject({ cause: 'promotion', commit: pushed.commit });
    expect(event.correlationId).toBe(pushed.event);
  });

  it('holds a commit that takes its own gate away by the gate that is live', async () => {
    await world.agent('weak-stage');
    await world.agent('weak-prod');
    const gate = { promoteFrom: 'weak-stage', promotion: { soakMs: 400, approvals: 0 } };
    const first = await world.push('weak-prod', 'one', gate);
    await waitFor(async () => (await world.environmentOf(service, 'weak-prod'))?.next?.commit === first.commit);
    await world.publish(deployRequested, { environment: 'weak-prod', commit: first.commit, reason: '', actor: 'ann' });
    await world.hear(deployed, 'weak-prod');
    const sneaking = await world.push('weak-prod', 'two');
    await waitFor(async () =>
      (await world.environmentOf(service, 'weak-prod'))?.next?.detail.includes('to be live in weak-stage'),
    );
    expect(world.heardOf(deployed, 'weak-prod')).toHaveLength(1);
    await world.push('weak-stage', 'two', {}, { commit: sneaking.commit });
    const staged = await world.hear(deployed, 'weak-stage');
    const promoted = await world.hear(deployed, 'weak-prod', 2);
    expect(promoted.data.commit).toBe(sneaking.commit);
    expect(Date.parse(promoted.time) - Date.parse(staged.time)).toBeGreaterThanOrEqual(395);
  });

  it('never promotes what went bad in the parent', async () => {
    await world.agent('bad-stage');
    await world.agent('bad-prod');
    await world.push('bad-stage', 'good');
    await world.hear(deployed, 'bad-stage');
    const bad = await world.push('bad-stage', 'bad');
    await world.push(
      'bad-prod',
      'bad',
      { promoteFrom: 'bad-stage', promotion: { soakMs: 60_000, approvals: 0 } },
      { commit: bad.commit },
    );
    const live = await world.hear(deployed, 'bad-stage', 2);
    await world.judge(live.data, 'regressed');
    await world.hear(rolledBack, 'bad-stage');
    const [held] = await waitFor(async () => {
      const items = await world.deploymentsOf(service, 'bad-prod');
      return items[0]?.state === 'superseded' && items;
    });
    expect(held!.detail).toContain('went bad in bad-stage');
    expect(world.heardOf(deploymentPlanned, 'bad-prod')).toEqual([]);
  });

  it('takes bad traffic back, pins what was bad, and follows Git again when it has caught up', async () => {
    const edge = await world.agent('judged');
    const good = await world.push('judged', 'good');
    const first = await world.hear(deployed, 'judged');
    await world.judge(first.data, 'healthy');
    const bad = await world.push('judged', 'bad');
    const second = await world.hear(deployed, 'judged', 2);
    await world.judge(second.data, 'regressed');
    const back = await world.hear(rolledBack, 'judged');
    expect(back.data).toMatchObject({
      from: { commit: bad.commit, snapshot: bad.snapshot },
      to: { commit: good.commit, snapshot: good.snapshot },
      reason: 'verdict',
      detail: 'petstore: 40 % errors, before 0 %',
    });
    expect(edge.running).toBe(good.snapshot);
    expect((await world.environmentOf(service, 'judged'))?.pin).toMatchObject({
      bad: bad.snapshot,
      badCommit: bad.commit,
    });

    const again = await world.push('judged', 'bad');
    await waitFor(async () =>
      (await world.deploymentsOf(service, 'judged')).some(
        ({ commit, state }) => commit === again.commit && state === 'superseded',
      ),
    );
    expect(edge.asked).toHaveLength(3);

    const revert = await world.push('judged', 'good');
    const lifted = await world.hear(pinLifted, 'judged');
    expect(lifted.data).toEqual({
      environment: 'judged',
      by: { commit: revert.commit, snapshot: good.snapshot },
      bad: bad.snapshot,
    });
    const live = await world.hear(deployed, 'judged', 3);
    expect(live.data).toMatchObject({ commit: revert.commit, changes: { total: 0 } });
    expect(edge.asked).toHaveLength(3);
    expect((await world.environmentOf(service, 'judged'))?.pin).toBeNull();
  });

  it('goes back by hand to a named commit, refuses what never ran, and lets a newer commit move on', async () => {
    const edge = await world.agent('hand');
    const pushes = [];
    for (const label of ['one', 'two', 'three']) {
      pushes.push(await world.push('hand', label));
      await world.hear(deployed, 'hand', pushes.length);
    }
    const ask = (commit: string | null) =>
      world.publish(rollbackRequested, { environment: 'hand', commit, reason: 'customers call', actor: 'ann' });
    await ask('f'.repeat(40));
    const refused = await world.hear(commandRefused, 'hand');
    expect(refused.data).toMatchObject({ command: 'rollback', actor: 'ann', reason: 'ffffffff never ran here' });
    expect(refused.causationId).toBe(refused.data.request);
    await ask(pushes[0]!.commit);
    const back = await world.hear(rolledBack, 'hand');
    expect(back.data).toMatchObject({
      from: { commit: pushes[2]!.commit },
      to: { commit: pushes[0]!.commit },
      reason: 'command',
      detail: 'asked by ann: customers call',
    });
    expect(edge.running).toBe(pushes[0]!.snapshot);
    const [newest] = await world.deploymentsOf(service, 'hand');
    expect(newest).toMatchObject({ cause: 'rollback', state: 'live', message: 'one' });

    await world.publish(deployRequested, { environment: 'hand', commit: pushes[2]!.commit, reason: '', actor: 'bo' });
    await waitFor(async () =>
      (await world.deploymentsOf(service, 'hand'))[0]?.detail.startsWith('refused: the environment is pinned'),
    );
    const newer = await world.push('hand', 'four');
    await world.hear(pinLifted, 'hand');
    expect((await world.hear(deployed, 'hand', 4)).data.commit).toBe(newer.commit);
  });

  it('deploys by hand past soak and approvals', async () => {
    await world.agent('urgent');
    const pushed = await world.push('urgent', 'one', {
      promoteFrom: 'nowhere',
      promotion: { soakMs: 3_600_000, approvals: 3 },
    });
    await waitFor(async () =>
      (await world.environmentOf(service, 'urgent'))?.next?.detail.includes('to be live in nowhere'),
    );
    await world.publish(deployRequested, {
      environment: 'urgent',
      commit: pushed.commit,
      reason: 'fire',
      actor: 'ann',
    });
    expect((await world.hear(deployed, 'urgent')).data).toMatchObject({ cause: 'command', commit: pushed.commit });
    expect((await world.environmentOf(service, 'urgent'))?.next).toBeNull();
  });

  it('keeps who is blocked when something else is deployed', async () => {
    const edge = await world.agent('blocked');
    await world.push('blocked', 'one');
    await world.hear(deployed, 'blocked');
    const states = new NatsGatewayStates(await world.connectAs('deployer'));
    const blocks: Block[] = [
      { id: '1', kind: 'consumer', consumer: 'acme', until: '2099-01-01T00:00:00.000Z', reason: 'floods' },
    ];
    const written = await waitFor(() => states.getDesired('blocked', 'edge'));
    await states.putDesired({ ...written.value, blocks }, written.revision);
    await world.push('blocked', 'two');
    await world.hear(deployed, 'blocked', 2);
    expect(edge.asked.at(-1)?.generation).toBeGreaterThan(written.value.generation);
    expect(edge.asked.at(-1)?.blocks).toEqual(blocks);
  });

  it('heals drift and tells how long it lasted; only tells where that is the mode', async () => {
    const field = { path: 'server petstore/stable/0 weight', desired: '1', live: '100' };
    const edge = await world.agent('heal');
    await world.push('heal', 'one');
    await world.hear(deployed, 'heal');
    await edge.drift([field]);
    const detected = await world.hear(driftDetected, 'heal');
    expect(detected.data).toMatchObject({ gateway: 'edge', action: 'heal', fields: [field] });
    const resolved = await world.hear(driftResolved, 'heal');
    expect(resolved.data).toMatchObject({ drift: detected.data.drift, how: 'healed' });
    expect(edge.asked.map(({ generation, snapshot }) => ({ generation, snapshot }))).toEqual([
      { generation: 1, snapshot: edge.running },
      { generation: 2, snapshot: edge.running },
    ]);

    const watched = await world.agent('tell');
    await world.push('tell', 'one', { drift: { mode: 'alert', intervalMs: 1_000 } });
    await world.hear(deployed, 'tell');
    await watched.drift([field]);
    await watched.drift([field, { ...field, path: 'file haproxy.cfg' }]);
    expect((await world.hear(driftDetected, 'tell')).data.action).toBe('alert');
    await watched.drift([]);
    expect((await world.hear(driftResolved, 'tell')).data.how).toBe('gone');
    expect(world.heardOf(driftDetected, 'tell')).toHaveLength(1);
    expect(watched.asked).toHaveLength(1);
  });

  it('answers 400 to a query that it does not understand, 404 to a deployment that is none, 401 without the token', async () => {
    expect((await world.get(service, '/deployments?limit=9999')).status).toBe(400);
    expect((await world.get(service, '/deployments/not-an-id')).status).toBe(400);
    expect((await world.get(service, `/deployments/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${service.port}/environments`)).status).toBe(401);
  });
});
