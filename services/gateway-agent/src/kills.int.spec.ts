import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Unit } from '@gitway/contracts';
import { InMemoryArtifactStore, InMemoryFactPublisher } from '@gitway/messaging';
import { freePort, httpCall, startTestUpstream, tempDir, useHaproxy } from '@gitway/testing';
import { GatewayFiles } from './adapters/gateway-files.ts';
import { HaproxyProcess } from './adapters/haproxy-process.ts';
import { ask } from './adapters/haproxy-socket.ts';
import { SnapshotCache } from './adapters/snapshot-cache.ts';
import { ApplySnapshot } from './app/apply-snapshot.ts';
import type { Boundary } from './app/change-process.ts';
import { appliedOf, type GatewayState } from './app/gateway-state.ts';
import { ObserveGateway } from './app/observe-gateway.ts';
import { resume } from './app/resume-gateway.ts';
import { type Place, StageSnapshot } from './app/stage-snapshot.ts';
import { noDecisions } from './domain/decisions.ts';
import { ENVIRONMENT, GATEWAY } from './testing/agent.ts';
import { programIn } from './testing/gateway.ts';
import { apiUnit, gatewayUnit } from './testing/units.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const artifacts = new InMemoryArtifactStore();
let place: Place;
let program: string;
let port: number;
let proxy: Awaited<ReturnType<typeof haproxy.start>>;
let upstreams: { one: number; two: number };
const open: (() => Promise<void>)[] = [];

/** An agent's hands without its loops: what one process knows, from what the last one left on disk. */
async function anAgent(boundary: Boundary = () => {}) {
  const files = new GatewayFiles(place.dir);
  const live = new HaproxyProcess(place.dir, program, place.probeToken);
  const stage = new StageSnapshot(place, files, live);
  const cache = new SnapshotCache(place.dir, artifacts);
  const now = () => new Date();
  const apply = new ApplySnapshot(stage, files, live, now, boundary);
  const observer = new ObserveGateway(place, files, live, new InMemoryFactPublisher(), now);
  const state: GatewayState = await resume(stage, files, cache, async () => {});
  return {
    state,
    bring: async (units: readonly Unit[]) => {
      const refs = await Promise.all(
        units.map(async (unit) => ({
          kind: unit.kind,
          name: unit.name,
          digest: await artifacts.putJson('unit', unit),
        })),
      );
      const digest = await artifacts.putJson('snapshot', { environment: ENVIRONMENT, units: refs });
      const problems = await apply.run({ loaded: await cache.load(digest), decisions: noDecisions }, state);
      await boundary('done');
      await files.putApplied(appliedOf(state));
      return problems;
    },
    drift: async () => {
      await observer.observe(state);
      return { drift: state.drift, silence: state.silence };
    },
    render: () => stage.render(null, noDecisions),
  };
}

const hostsOf = (count: number) => ({
  route: { hosts: Array.from({ length: count }, (_, index) => `h${index}.test`), basePath: '/c', keepBasePath: false },
});
const before = () => [
  gatewayUnit(),
  apiUnit('a', upstreams.one),
  apiUnit('b', upstreams.one),
  apiUnit('c', upstreams.one, hostsOf(1)),
];
/** Another target, a removed and a new API, more routes: every kind of act. */
const after = () => [
  gatewayUnit(),
  apiUnit('a', upstreams.two),
  apiUnit('d', upstreams.two),
  apiUnit('c', upstreams.one, hostsOf(2)),
];
/** Rules that no backend has. */
const reloaded = () => [...after(), apiUnit('e', upstreams.two, { lifecycle: 'retired' })];

const answers = async () => Promise.all(['/a', '/b', '/d'].map(async (path) => (await httpCall(port, path)).body));
const settled = async (agent: Awaited<ReturnType<typeof anAgent>>) => {
  expect(await agent.drift()).toEqual({ drift: [], silence: [] });
  expect(agent.state.process).not.toBeNull();
  const [a, b, d] = await answers();
  expect([a, d]).toEqual(['two', 'two']);
  expect(b).toContain('no-route');
};

/** How many boundaries there are on the way to the units, from `before`. */
async function boundariesTo(units: readonly Unit[]): Promise<string[]> {
  await (await anAgent()).bring(before());
  const passed: string[] = [];
  await (await anAgent((name) => void passed.push(name))).bring(units);
  return passed;
}

beforeAll(async () => {
  port = await freePort();
  program = programIn(folder.path(), haproxy.installation());
  const [one, two] = await Promise.all(['one', 'two'].map((name) => startTestUpstream(name)));
  for (const upstream of [one, two]) if (upstream !== undefined) open.push(() => upstream.close());
  upstreams = { one: one?.port ?? 0, two: two?.port ?? 0 };
  const files = new GatewayFiles(folder.path());
  place = {
    environment: ENVIRONMENT,
    gateway: GATEWAY,
    listeners: { http: `127.0.0.1:${port}` },
    dir: folder.path(),
    probeToken: files.probeToken(),
  };
  files.writeFirst((await anAgent()).render());
  proxy = await haproxy.start(folder.path());
}, 60_000);

afterAll(async () => {
  for (const close of open) await close();
});

describe.each([
  ['a change of the running worker', after],
  ['a reload', reloaded],
])('during %s', (what, wanted) => {
  it('an agent may die at any point: the next one brings the gateway to what is wanted', async () => {
    const all = await boundariesTo(wanted());
    expect(all).toEqual(
      expect.arrayContaining(
        what === 'a reload'
          ? ['written down', 'files', 'reloaded']
          : ['written down', 'prepare', 'files', 'commit', 'committed'],
      ),
    );
    for (let index = 0; index < all.length; index += 1) {
      await (await anAgent()).bring(before());
      let passed = -1;
      await new Promise<void>((died) => {
        const dying = anAgent(async () => {
          passed += 1;
          if (passed < index) return;
          died();
          await new Promise(() => {});
        });
        void dying.then(async (agent) => agent.bring(wanted()));
      });
      const next = await anAgent();
      expect(next.state.stale).toBe(true);
      expect(await next.bring(wanted())).toEqual([]);
      await settled(next);
    }
  }, 120_000);

  it('HAProxy may die at any point: started again, it comes to what is wanted', async () => {
    const all = await boundariesTo(wanted());
    for (let index = 0; index < all.length; index += 1) {
      await (await anAgent()).bring(before());
      let passed = -1;
      const agent = await anAgent(async () => {
        passed += 1;
        if (passed !== index) return;
        const worker = Number(
          /^(\d+)\s+worker/m.exec(await ask(proxy.masterSocket, 'show proc').catch(() => ''))?.[1] ?? 0,
        );
        process.kill(proxy.pid, 'SIGKILL');
        if (worker > 0) process.kill(worker, 'SIGKILL');
      });
      await agent.bring(wanted()).catch(() => {});
      proxy = await haproxy.start(folder.path());
      expect(await agent.bring(wanted())).toEqual([]);
      await settled(agent);
    }
  }, 120_000);
});

describe('a worker that was changed by others just before', () => {
  it('refuses an act, and comes to what is wanted by a reload', async () => {
    const agent = await anAgent();
    await agent.bring(before());
    const { worker, free } = agent.state.process ?? { worker: 0, free: {} };
    for (const name of Object.keys(free)) {
      expect(await ask(join(place.dir, 'admin.sock'), `add server ${name}/t0 127.0.0.1:1`)).toContain('registered');
    }
    expect(await agent.bring(after())).toEqual([]);
    expect(agent.state.process?.worker).not.toBe(worker);
    await settled(agent);
  });
});
