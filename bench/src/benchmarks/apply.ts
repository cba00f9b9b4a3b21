import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Unit } from '@gitway/contracts';
import { type LoadTarget, startLoad } from '@gitway/drivers/conformance/load';
import { freePort } from '@gitway/servers';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figure, type Figure, percentile } from '../figure.ts';
import { type AgentSite, startAgentSite } from '../gateway/agent-site.ts';
import { apiUnit, KEY, type Profile, profiles, unitsOf } from '../gateway/profiles.ts';
import { startProxy, upstreamConfig } from '../gateway/proxy.ts';

const CHANGES = 30;
const SPACE_MS = 1_000;

/** A kind of change that is made again and again, each time to another API. */
interface Change {
  readonly title: string;
  make(units: readonly Unit[], round: number): Unit[];
}

export const apply: Benchmark = {
  name: 'apply',
  title: 'From the write of `desired` until the gateway was read back and reported, through the agent',
  figures: [
    'apply.runtime.p95',
    'apply.reload.p95.1000',
    'gateway.failed-in-50-changes',
    'apply.new-api.p95.10000',
    'apply.reload.p95.10000',
  ],
  async run(context) {
    const port = await freePort();
    const upstream = await startProxy(
      join(context.folder, 'u'),
      port,
      new Map([['haproxy.cfg', upstreamConfig(port)]]),
    );
    const profile = profiles.find(({ name }) => name === 'full') as Profile;
    const changes = changesOf(profile, port);
    const site = await startAgentSite(context.folder);
    try {
      const thousand = await bringAll(context, site, 1_000, profile, port);
      const figures = [
        await measure(context, site, 'apply.runtime.p95', thousand, 1_000, changes.target, 50),
        await measure(context, site, 'apply.reload.p95.1000', thousand, 1_000, changes.policy, 600),
        await failures(context, site, thousand, [changes.target, changes.policy, changes.fresh]),
      ];
      const many = await bringAll(context, site, 10_000, profile, port);
      return [
        ...figures,
        await measure(context, site, 'apply.new-api.p95.10000', many, 10_000, changes.fresh, 1_000),
        await measure(context, site, 'apply.reload.p95.10000', many, 10_000, changes.policy, null),
      ];
    } finally {
      await site.stop();
      await upstream.stop();
    }
  },
};

async function bringAll(
  { say }: BenchmarkContext,
  site: AgentSite,
  count: number,
  profile: Profile,
  upstream: number,
): Promise<Unit[]> {
  say(`${count} APIs: stored, applied`);
  const units = unitsOf(count, profile, upstream);
  await site.bring(await site.store(units));
  return units;
}

function changesOf(profile: Profile, upstream: number) {
  const at = (units: readonly Unit[], round: number) => 2 + ((round * 7) % (units.length - 2));
  const replaced = (units: readonly Unit[], round: number, make: (index: number) => Unit) =>
    units.with(at(units, round), make(at(units, round) - 2));
  return {
    target: {
      title: 'the weight of a target of one API',
      make: (units, round) =>
        replaced(units, round, (index) => {
          const api = apiUnit(index, profile, upstream);
          const pools = api.pools.map((pool) => ({
            ...pool,
            targets: pool.targets.map((target) => ({ ...target, weight: 2 + (round % 200) })),
          }));
          return { ...api, pools };
        }),
    },
    policy: {
      title: 'a time-out of one API that no other has',
      make: (units, round) =>
        replaced(units, round, (index) => {
          const api = apiUnit(index, profile, upstream);
          return { ...api, policy: { ...api.policy, timeouts: { connectMs: 5000, requestMs: 20_000 + round } } };
        }),
    },
    fresh: {
      title: 'one API more, with the policies of the others',
      make: (units, round) => [...units, apiUnit(100_000 + round, profile, upstream)],
    },
  } satisfies Record<string, Change>;
}

async function measure(
  { say }: BenchmarkContext,
  site: AgentSite,
  id: string,
  units: readonly Unit[],
  count: number,
  change: Change,
  goal: number | null,
): Promise<Figure> {
  say(`${count} APIs, ${CHANGES} times: ${change.title}`);
  const times: number[] = [];
  let now: Unit[] = [...units];
  for (let round = 0; round < CHANGES; round += 1) {
    now = change.make(now, round);
    const snapshot = await site.store(now);
    times.push(await site.bring(snapshot));
    // Reloads of a burst are spaced by a second; here each change is one of its own.
    await delay(SPACE_MS);
  }
  return figure({
    id,
    value: percentile(times, 0.95),
    unit: 'ms',
    goal,
    better: 'lower',
    inputs: `${count} APIs with key, rate limit, log and declared operations; ${CHANGES} times, a second apart, ${change.title}`,
    note: `p50 ${percentile(times, 0.5).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms`,
  });
}

const FAILING_CHANGES = 50;

/** Changes of every kind in turn, while old and new connections call all the time. */
async function failures(
  { say }: BenchmarkContext,
  site: AgentSite,
  units: readonly Unit[],
  changes: readonly Change[],
): Promise<Figure> {
  say(`${units.length - 2} APIs under load, ${FAILING_CHANGES} changes in turn`);
  const targets = Array.from({ length: 20 }, (_, index): LoadTarget => ({
    name: `api-${index}`,
    host: `api-${index}.example.com`,
    line: 'GET /v1/pets/1',
    headers: { 'x-api-key': KEY },
    revisions: ({ status, body }) => (status === 200 && body === 'ok' ? ['ok'] : null),
  }));
  const load = startLoad({ to: { host: '127.0.0.1', port: site.port }, targets });
  let now: Unit[] = [...units];
  for (let round = 0; round < FAILING_CHANGES; round += 1) {
    now = (changes[round % changes.length] as Change).make(now, round);
    await site.bring(await site.store(now));
  }
  const { failed, wrong, calls, connections } = await load.stop();
  return figure({
    id: 'gateway.failed-in-50-changes',
    value: failed.length + wrong.length,
    unit: '',
    goal: 0,
    better: 'lower',
    inputs: `${FAILING_CHANGES} changes of weights, rules and APIs in turn, ${units.length - 2} APIs`,
    note: `${calls.toLocaleString('en')} calls over ${connections.toLocaleString('en')} connections`,
  });
}
