import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  owners,
  type Reported,
  type Snapshot,
  TRAFFIC_STREAM,
  type TrafficBatch,
  trafficBatchSchema,
  type Unit,
} from '@gitway/contracts';
import {
  ADMIN_USER,
  consumersOf,
  JetStreamBus,
  connectNats,
  NatsArtifactStore,
  natsAuthorization,
  NatsGatewayStates,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { findInstallation, freePort, type RunningHaproxy, startHaproxy, startNats } from '@gitway/servers';
import { defaultCacheDir, repositoryRoot } from '@gitway/tools';
import { GATEWAY } from './profiles.ts';

export const ENVIRONMENT = 'bench';
const DEADLINE_MS = 60_000;

/** One gateway with its agent, wanted things of over NATS as the deployer does. */
export interface AgentSite {
  readonly port: number;
  /** Hears the batches of calls as analytics does. */
  traffic(heard: (batch: TrafficBatch) => void): Promise<void>;
  /** Stores units and their snapshot; units that were stored before cost nothing. @returns its digest */
  store(units: readonly Unit[]): Promise<string>;
  /** From the write of `desired` until the agent has reported that the snapshot runs, in milliseconds. */
  bring(snapshot: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startAgentSite(folder: string): Promise<AgentSite> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    return { ...(await start(folder, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(folder: string, stops: (() => Promise<unknown>)[]): Promise<Omit<AgentSite, 'stop'>> {
  const users = [ADMIN_USER, ...owners];
  const passwords = Object.fromEntries(users.map((user) => [user, randomBytes(16).toString('hex')])) as NatsPasswords;
  const nats = await startNats({
    installation: await findInstallation('nats', { cacheDir: defaultCacheDir }),
    dir: join(folder, 'nats'),
    configText: natsAuthorization(passwords),
  });
  stops.push(() => nats.stop());
  await provisionMessaging({ url: nats.url, user: ADMIN_USER, password: passwords[ADMIN_USER] });
  const dir = join(folder, 'gw');
  const port = await freePort();
  await mkdir(dir, { recursive: true });
  const haproxy = await findInstallation('haproxy', { cacheDir: defaultCacheDir });
  const agent = startAgent({
    ...haproxy.env,
    GITWAY_NATS_URL: nats.url,
    GITWAY_NATS_USER: 'gateway-agent',
    GITWAY_NATS_PASSWORD: passwords['gateway-agent'],
    GITWAY_HTTP_PORT: String(await freePort()),
    GITWAY_INTERNAL_TOKEN: randomBytes(24).toString('hex'),
    GITWAY_LOG_LEVEL: 'error',
    GITWAY_ENVIRONMENT: ENVIRONMENT,
    GITWAY_GATEWAY: GATEWAY,
    GITWAY_LISTENERS: `http=127.0.0.1:${port}`,
    GITWAY_HAPROXY_DIR: dir,
    GITWAY_HAPROXY_BIN: haproxy.binary,
  });
  stops.push(() => ended(agent));
  await until(() => existsSync(join(dir, 'haproxy.cfg')), 'the first configuration');
  const proxy: RunningHaproxy = await startHaproxy({ installation: haproxy, dir });
  stops.push(() => proxy.stop());

  const connect = async (user: 'validator' | 'deployer' | 'console' | 'analytics') => {
    const connection = await connectNats({ url: nats.url, user, password: passwords[user] });
    stops.push(() => connection.close());
    return connection;
  };
  const artifacts = new NatsArtifactStore(await connect('validator'));
  const deployer = new NatsGatewayStates(await connect('deployer'));
  let latest: { at: number; reported: Reported } | null = null;
  let wake = () => {};
  stops.push(
    await new NatsGatewayStates(await connect('console')).watchReported((reported) => {
      latest = { at: performance.now(), reported };
      wake();
    }),
  );
  const known = new Map<Unit, string>();
  let generation = 0;
  return {
    port,
    async traffic(heard) {
      const consumer = consumersOf('analytics').find(({ stream }) => stream === TRAFFIC_STREAM);
      if (consumer === undefined) throw new Error('analytics hears no traffic');
      const bus = new JetStreamBus(await connect('analytics'));
      const subscription = await bus.consume(consumer, async (delivery) => {
        heard(trafficBatchSchema.parse(JSON.parse(Buffer.from(delivery.message.body).toString('utf8'))));
        delivery.ack();
      });
      stops.push(() => subscription.stop());
    },
    async store(units) {
      const fresh = units.filter((unit) => !known.has(unit));
      for (let from = 0; from < fresh.length; from += 256) {
        await Promise.all(
          fresh.slice(from, from + 256).map(async (unit) => known.set(unit, await artifacts.putJson('unit', unit))),
        );
      }
      const refs = units.map((unit) => ({ kind: unit.kind, name: unit.name, digest: known.get(unit) as string }));
      refs.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
      return artifacts.putJson('snapshot', { environment: ENVIRONMENT, units: refs } satisfies Snapshot);
    },
    async bring(snapshot) {
      const present = await deployer.getDesired(ENVIRONMENT, GATEWAY);
      generation = (present?.value.generation ?? generation) + 1;
      const began = performance.now();
      await deployer.putDesired(
        {
          environment: ENVIRONMENT,
          gateway: GATEWAY,
          generation,
          phase: 'run',
          snapshot,
          deployment: randomUUID(),
          traceparent: null,
          writtenAt: new Date().toISOString(),
        },
        present?.revision ?? null,
      );
      const deadline = began + DEADLINE_MS;
      for (;;) {
        const seen = latest;
        if (seen !== null && seen.reported.generation === generation && seen.reported.running === snapshot) {
          return seen.at - began;
        }
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`not reported in time: ${JSON.stringify(seen?.reported)}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

function startAgent(env: Readonly<Record<string, string>>): ChildProcess {
  const main = join(repositoryRoot, 'services', 'gateway-agent', 'dist', 'main.js');
  return spawn(process.execPath, ['--import', '@gitway/observability/preload', main], {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await delay(20);
  }
}
