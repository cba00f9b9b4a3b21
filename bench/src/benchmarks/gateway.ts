import { join } from 'node:path';
import { driverNamed, nothingProvided } from '@gitway/drivers';
import { stored } from '@gitway/drivers/testing';
import { freePort } from '@gitway/servers';
import type { Benchmark } from '../benchmark.ts';
import { figure, type Figure, percentile } from '../figure.ts';
import { load } from '../gateway/load.ts';
import { GATEWAY, type Profile, profiles, requestsOf, unitsOf } from '../gateway/profiles.ts';
import { bareConfig, type Proxy, startProxy, upstreamConfig } from '../gateway/proxy.ts';

const COUNTS = [10, 1_000, 10_000];
const ROUNDS = 3;
const ROUND_MS = 2_000;
const CONNECTIONS = 64;
const PACED = { connections: 16, perSecond: 1_500, forMs: 2_000 };

/** Share of a bare HAProxy's throughput that is to be left. */
const goals: Readonly<Record<string, number>> = { key: 0.6, full: 0.5 };

export const gateway: Benchmark = {
  name: 'gateway',
  title: 'Calls through a gateway, beside a bare HAProxy in the same run',
  figures: COUNTS.flatMap((count) =>
    profiles.flatMap(({ name }) => [`gateway.rps.${count}apis.${name}`, `gateway.p99.${count}apis.${name}`]),
  ).concat(COUNTS.map((count) => `gateway.memory.${count}apis`)),
  async run(context) {
    const upstreamPort = await freePort();
    const barePort = await freePort();
    const folder = (name: string) => join(context.folder, name);
    const config = (text: string) => new Map([['haproxy.cfg', text]]);
    const upstream = await startProxy(folder('u'), upstreamPort, config(upstreamConfig(upstreamPort)));
    const bare = await startProxy(folder('b'), barePort, config(bareConfig(barePort, upstreamPort)));
    try {
      const figures: Figure[] = [];
      const memory: Figure[] = [];
      for (const count of COUNTS) {
        for (const profile of profiles) {
          context.say(`${count} APIs: ${profile.title}`);
          const dir = folder(`g${count}${profile.name}`);
          const proxy = await startGateway(dir, count, profile, upstreamPort);
          try {
            figures.push(...(await compare(count, profile, proxy, bare)));
            if (profile.name === 'full') memory.push(memoryFigure(count, proxy));
          } finally {
            await proxy.stop();
          }
        }
      }
      return [...figures, ...memory];
    } finally {
      await bare.stop();
      await upstream.stop();
    }
  },
};

async function startGateway(dir: string, count: number, profile: Profile, upstream: number): Promise<Proxy> {
  const port = await freePort();
  const rendered = driverNamed('haproxy').render(stored(unitsOf(count, profile, upstream)), {
    environment: 'bench',
    gateway: GATEWAY,
    snapshot: `sha256-${'a'.repeat(64)}`,
    listeners: { http: `127.0.0.1:${port}` },
    dir,
    probeToken: 'token-of-the-bench-1234',
    provided: nothingProvided,
  });
  return startProxy(dir, port, rendered.files);
}

interface Measured {
  /** Answers for each second of the worker's processor time. */
  readonly perSecond: number;
  readonly p99: number;
}

async function compare(count: number, profile: Profile, proxy: Proxy, bare: Proxy): Promise<Figure[]> {
  const requests = requestsOf(count, profile);
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await measure(bare, requests));
    ours.push(await measure(proxy, requests));
  }
  const middle = (all: readonly Measured[], pick: (one: Measured) => number) => percentile(all.map(pick), 0.5);
  const [rps, bareRps] = [middle(ours, ({ perSecond }) => perSecond), middle(theirs, ({ perSecond }) => perSecond)];
  const [p99, bareP99] = [middle(ours, (one) => one.p99), middle(theirs, (one) => one.p99)];
  const inputs = `${count} APIs with ${profile.title}; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each`;
  const round = (value: number) => Math.round(value).toLocaleString('en');
  return [
    figure({
      id: `gateway.rps.${count}apis.${profile.name}`,
      value: rps / bareRps,
      unit: '',
      goal: goals[profile.name] ?? null,
      better: 'higher',
      inputs,
      note: `calls per second of one core's time: ${round(rps)}, bare ${round(bareRps)}`,
    }),
    figure({
      id: `gateway.p99.${count}apis.${profile.name}`,
      value: p99 / bareP99,
      unit: '',
      goal: null,
      better: 'lower',
      inputs: `the same at ${PACED.perSecond} calls a second over ${PACED.connections} connections`,
      note: `${p99.toFixed(2)} ms, bare ${bareP99.toFixed(2)} ms`,
    }),
  ];
}

async function measure(proxy: Proxy, requests: readonly Buffer[]): Promise<Measured> {
  const before = proxy.processorSeconds();
  const full = await load({ port: proxy.port, requests, connections: CONNECTIONS, forMs: ROUND_MS });
  const used = proxy.processorSeconds() - before;
  const paced = await load({ port: proxy.port, requests, ...PACED });
  for (const { statuses, answers } of [full, paced]) {
    if (statuses.get(200) !== answers) throw new Error(`not all answers were 200: ${JSON.stringify([...statuses])}`);
  }
  return { perSecond: full.answers / used, p99: percentile(paced.latencies, 0.99) };
}

const memoryFigure = (count: number, proxy: Proxy): Figure =>
  figure({
    id: `gateway.memory.${count}apis`,
    value: proxy.memoryMb(),
    unit: 'MB',
    goal: null,
    better: 'lower',
    inputs: `${count} APIs with everything, after the load`,
    note: 'resident memory of the worker',
  });
