import { beforeAll, describe, expect, it } from '@jest/globals';
import { deployed, deploymentFailed, deploymentPlanned } from '@gitway/contracts';
import { ADMIN_USER, NatsGatewayStates } from '@gitway/messaging';
import type { RunningService } from '@gitway/service';
import { waitFor } from '@gitway/testing';
import { useDeployer } from './testing/use-deployer.ts';

const world = useDeployer();
let service: RunningService;
beforeAll(async () => {
  service = await world.start();
}, 60_000);

describe('a deployer in trouble', () => {
  it('puts the environment back when one gateway of two refuses', async () => {
    const gateways = ['left', 'right'];
    const left = await world.agent('pair', 'left');
    const right = await world.agent('pair', 'right');
    const good = await world.push('pair', 'good', { gateways });
    await world.hear(deployed, 'pair');
    right.behaviour = 'refuse';
    const bad = await world.push('pair', 'bad', { gateways });
    const event = await world.hear(deploymentFailed, 'pair');
    right.behaviour = 'obey';
    expect(event.data).toMatchObject({
      commit: bad.commit,
      reason: 'refused',
      restored: { commit: good.commit, snapshot: good.snapshot },
      gateways: [{ name: 'right', problems: [{ unit: 'api petstore', message: 'backend has no server' }] }],
    });
    await right.wakeUp();
    await waitFor(() => left.running === good.snapshot && right.running === good.snapshot);
    await waitFor(async () => (await world.environmentOf(service, 'pair'))?.gateways.every(({ inSync }) => inSync));
    expect((await world.environmentOf(service, 'pair'))?.live?.commit).toBe(good.commit);
    expect(world.heardOf(deployed, 'pair')).toHaveLength(1);
  });

  it('gives up on a gateway that does not answer, and deploys once it is back', async () => {
    const edge = await world.agent('away');
    const good = await world.push('away', 'good');
    await world.hear(deployed, 'away');
    edge.behaviour = 'silent';
    const pushed = await world.push('away', 'next');
    const event = await world.hear(deploymentFailed, 'away');
    expect(event.data).toMatchObject({
      reason: 'timeout',
      restored: { commit: good.commit },
      gateways: [{ name: 'edge' }],
    });
    await waitFor(async () => (await world.deploymentsOf(service, 'away'))[0]?.state === 'failed');
    await edge.wakeUp();
    const retried = await world.hear(deployed, 'away', 2);
    expect(retried.data).toMatchObject({ commit: pushed.commit, snapshot: pushed.snapshot });
    expect(world.heardOf(deploymentFailed, 'away')).toHaveLength(1);
  });

  it('handles a fact that comes twice once, and leaves one alone that comes late', async () => {
    const edge = await world.agent('twice');
    const early = new Date(Date.now() - 60_000).toISOString();
    const pushed = await world.push('twice', 'one');
    await world.hear(deployed, 'twice');
    const late = await world.push('twice', 'older', {}, { times: { detectedAt: early } });
    await waitFor(async () =>
      (await world.deploymentsOf(service, 'twice')).some(
        ({ commit, state }) => commit === late.commit && state === 'superseded',
      ),
    );
    const before = await world.deploymentsOf(service, 'twice');
    const { times } = before.find(({ commit }) => commit === pushed.commit)!;
    // The same detection told again, under another id: no inbox can know that.
    await world.push('twice', 'one', {}, { commit: pushed.commit, times: { detectedAt: times.detectedAt } });
    const after = await world.push('twice', 'two');
    await world.hear(deployed, 'twice', 2);
    const all = await world.deploymentsOf(service, 'twice');
    expect(all.filter(({ commit }) => commit === pushed.commit)).toHaveLength(1);
    expect(all.map(({ commit }) => commit)).toEqual([after.commit, late.commit, pushed.commit]);
    expect(edge.asked).toHaveLength(2);
  });

  it('writes a desired key again that was lost, and goes above one that is ahead', async () => {
    const edge = await world.agent('lost');
    await world.push('lost', 'one');
    await world.hear(deployed, 'lost');
    const states = new NatsGatewayStates(await world.connectAs('deployer'));
    const admin = await world.connectAs(ADMIN_USER);
    await admin.request(
      '$JS.API.STREAM.PURGE.KV_gateways',
      JSON.stringify({ filter: '$KV.gateways.desired.lost.edge' }),
    );
    const written = await waitFor(() => states.getDesired('lost', 'edge'));
    expect(written.value).toMatchObject({ generation: 1, snapshot: edge.running });

    await states.putDesired(
      { ...written.value, generation: 40, snapshot: `sha256-${'0'.repeat(64)}` },
      written.revision,
    );
    await waitFor(async () => (await states.getDesired('lost', 'edge'))?.value.generation === 41);
    await waitFor(async () => (await world.environmentOf(service, 'lost'))?.gateways[0]?.inSync);
    expect((await states.getDesired('lost', 'edge'))?.value.snapshot).toBe(written.value.snapshot);
  });

  it('goes on in the middle of a deployment after a restart', async () => {
    const edge = await world.agent('restart');
    edge.behaviour = 'silent';
    const pushed = await world.push('restart', 'one');
    await world.hear(deploymentPlanned, 'restart');
    await world.stop(service);
    await edge.wakeUp();
    service = await world.start();
    expect((await world.hear(deployed, 'restart')).data.commit).toBe(pushed.commit);
    expect(world.heardOf(deploymentPlanned, 'restart')).toHaveLength(1);
    expect(edge.asked).toHaveLength(1);
  });

  it('decides once with two replicas', async () => {
    const replica = await world.start();
    const names = Array.from({ length: 4 }, (_, index) => `replica-${index}`);
    const agents = await Promise.all(names.map((name) => world.agent(name)));
    for (let round = 1; round <= 5; round += 1) {
      await Promise.all(names.map((name) => world.push(name, `round ${round}`)));
      await Promise.all(names.map((name) => world.hear(deployed, name, round)));
    }
    for (const [index, name] of names.entries()) {
      expect(world.heardOf(deployed, name)).toHaveLength(5);
      expect(world.heardOf(deploymentPlanned, name)).toHaveLength(5);
      const generations = agents[index]!.asked.map(({ generation }) => generation);
      expect(generations).toEqual([1, 2, 3, 4, 5]);
    }
    await world.stop(replica);
  });

  it('is quick', async () => {
    const edge = await world.agent('quick');
    const times: { decide: number; settle: number }[] = [];
    for (let round = 1; round <= 20; round += 1) {
      const before = Date.now();
      await world.push('quick', `round ${round}`);
      const { data, time } = await world.hear(deployed, 'quick', round);
      const { desiredAt, reportedAt } = data.times;
      times.push({ decide: Date.parse(desiredAt!) - before, settle: Date.parse(time) - Date.parse(reportedAt!) });
    }
    const p50 = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    // Goals are 30 ms and 15 ms on a machine of its own; here other suites run beside. A sweep would take 500 ms.
    expect(p50(times.map(({ decide }) => decide))).toBeLessThan(250);
    expect(p50(times.map(({ settle }) => settle))).toBeLessThan(250);
    expect(edge.asked).toHaveLength(20);
  });

  it('comes to Git’s head although NATS and Postgres are killed on the way', async () => {
    await world.agent('killed');
    await world.push('killed', 'one');
    await world.hear(deployed, 'killed');
    const pushed = await world.push('killed', 'two');
    await world.postgres.kill();
    await world.postgres.restart();
    await world.nats.kill();
    await world.nats.restart();
    await waitFor(
      async () => {
        const view = await world.environmentOf(service, 'killed');
        return view?.live?.commit === pushed.commit && view.gateways[0]?.inSync;
      },
      { timeoutMs: 30_000 },
    );
    const next = await waitFor(() => world.push('killed', 'three'), { timeoutMs: 15_000 });
    await waitFor(async () => (await world.environmentOf(service, 'killed'))?.live?.commit === next.commit, {
      timeoutMs: 15_000,
    });
  });
});
