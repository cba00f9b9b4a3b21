import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrafficBatch } from '@gitway/contracts';
import { TRAFFIC_STREAM } from '@gitway/contracts';
import { ADMIN_USER } from '@gitway/messaging';
import type { RunningService } from '@gitway/service';
import {
  tempDir,
  useHaproxy,
  waitFor,
  freePort,
  httpCall as call,
  startTestUpstream as startUpstream,
  type TestUpstream as Upstream,
} from '@gitway/testing';
import { ask } from './adapters/haproxy-socket.ts';
import { prepareDirectory } from './app/run-gateway.ts';
import type { AgentConfig } from './config.ts';
import { ENVIRONMENT, GATEWAY, usePlatform } from './testing/agent.ts';
import { inSync, programIn } from './testing/gateway.ts';
import { apiUnit, consumersUnit, gatewayUnit, keyAuth } from './testing/units.ts';

const platform = usePlatform();
const haproxy = useHaproxy();
const folder = tempDir();
let upstream: Upstream;
let port: number;
let config: AgentConfig;
let agent: RunningService;
let proxy: Awaited<ReturnType<typeof haproxy.start>>;

const limited = { auth: keyAuth, rateLimits: [{ requests: 3, windowMs: 86_400_000, by: 'consumer' as const }] };
const timeouts = { connectMs: 500, requestMs: 3000 };
const pets = (change = {}) => apiUnit('pets', upstream.port, change);
/** Rules that no backend has yet, so that it takes a reload. */
const anew = (index: number) => ({
  policy: { auth: { kind: 'none' as const }, rateLimits: [], timeouts: { connectMs: 2000 + index, requestMs: 5000 } },
});
const good = () => [
  gatewayUnit(),
  pets(),
  apiUnit('guarded', upstream.port, { policy: { ...limited, timeouts } }),
  apiUnit('counted', upstream.port, { policy: { ...limited, timeouts } }),
  consumersUnit('acme', 'acme-key'),
];
const bring = async (snapshot: string) => {
  const generation = await platform.want(snapshot);
  return platform.reported(inSync(snapshot, generation));
};
const admin = (command: string) => ask(join(folder.path(), 'admin.sock'), command);

const NO_MESSAGE_FOUND = 10037;

/** Messages of a stream by subject prefix, oldest first. */
async function messages<T>(stream: string, prefix: string): Promise<T[]> {
  const connection = await platform.connect(ADMIN_USER);
  const found: T[] = [];
  for (let sequence = 1; ; sequence += 1) {
    const answer = await connection.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq: sequence }));
    const { message, error } = answer.json<{
      message?: { subject: string; data?: string };
      error?: { err_code: number; description: string };
    }>();
    if (error?.err_code === NO_MESSAGE_FOUND) return found;
    if (message === undefined) throw new Error(error?.description ?? 'no message');
    if (message.subject.startsWith(prefix))
      found.push(JSON.parse(Buffer.from(message.data ?? '', 'base64').toString()) as T);
  }
}
const observed = () =>
  messages<{ fields: { path: string }[] }>('GITWAY_GATEWAY_AGENT', 'gitway.gateway-agent.drift-observed');

beforeAll(async () => {
  upstream = await startUpstream('upstream');
  port = await freePort();
  config = platform.config(folder.path(), port, programIn(folder.path(), haproxy.installation()));
  prepareDirectory(config);
  proxy = await haproxy.start(folder.path());
  agent = await platform.startAgent(config);
}, 60_000);
afterAll(async () => {
  await agent.stop();
  await upstream.close();
});

describe('the agent', () => {
  let first: string;

  it('brings what is wanted to life and reports what it read back', async () => {
    first = await platform.store(good());
    const reported = await bring(first);
    expect(reported.listeners).toEqual({ http: `127.0.0.1:${port}` });
    expect(reported.proxy.version).toMatch(/^\d+\.\d+/);
    const { desiredAt, renderedAt, appliedAt } = reported.times;
    expect([desiredAt, renderedAt, appliedAt].map((at) => at! <= reported.reportedAt)).toEqual([true, true, true]);
    expect((await call(port, '/pets/pets/7')).body).toBe('upstream');
    expect((await call(port, '/guarded')).status).toBe(401);
    const statuses = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await call(port, '/guarded', { 'x-api-key': 'acme-key' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('ships what was called, once, with operation, consumer and revision', async () => {
    await call(port, '/pets/pets/8?token=x', { 'x-request-id': 'shipped-1' });
    const batch = await waitFor(async () =>
      (await messages<TrafficBatch>(TRAFFIC_STREAM, `gitway.traffic.${ENVIRONMENT}.${GATEWAY}`)).find(({ calls }) =>
        calls.some(({ requestId }) => requestId === 'shipped-1'),
      ),
    );
    expect(batch.snapshot).toBe(first);
    expect(batch.calls.find(({ requestId }) => requestId === 'shipped-1')).toMatchObject({
      api: 'pets',
      operation: 'getPet',
      consumer: null,
      method: 'GET',
      status: 200,
      answeredBy: 'upstream',
    });
    const all = await messages<TrafficBatch>(TRAFFIC_STREAM, 'gitway.traffic.');
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    expect(all.flatMap(({ calls }) => calls).filter(({ consumer }) => consumer === 'acme')).toHaveLength(4);
    expect(JSON.stringify(all)).not.toMatch(/token=x|acme-key/);
  });

  it('names a weight that somebody changed, and heals it when a new generation asks for it', async () => {
    await admin('set server pets.stable/t0 weight 77');
    const drifted = await platform.reported(({ drift }) => drift.length > 0);
    expect(drifted.drift).toEqual([{ path: 'server pets/stable/0 weight', desired: '10', live: '77' }]);
    expect(drifted.running).toBe(first);
    const facts = await waitFor(async () => {
      const found = await observed();
      return found.length > 0 ? found : null;
    });
    expect(facts.map(({ fields }) => fields.map(({ path }) => path))).toEqual([['server pets/stable/0 weight']]);
    await bring(first);
    expect(await admin('get weight pets.stable/t0')).toContain('10 (initial 10)');
  });

  it('names a line that somebody wrote, a map entry that somebody added and a frontend that somebody closed', async () => {
    const file = join(folder.path(), 'haproxy.cfg');
    appendFileSync(file, '# by hand\n');
    const map = readFileSync(file, 'utf8').match(/map_str\((maps\/keys\S+?)\)/)![1];
    await admin(`add map ${map} ${'f'.repeat(64)} acme|active|,`);
    await admin('disable frontend gitway');
    const drifted = await platform.reported(({ drift }) => drift.length >= 3);
    expect(drifted.drift.map(({ path }) => path).sort()).toEqual([
      expect.stringMatching(/^file haproxy\.cfg:\d+$/),
      'frontend gitway status',
      'map keys ffffffff…',
    ]);
    expect(drifted.running).toBeNull();
    await bring(first);
    expect(readFileSync(file, 'utf8')).not.toContain('by hand');
    expect((await call(port, '/pets')).status).toBe(200);
  });

  it('leaves drift alone when nobody asks, also after its own restart', async () => {
    await admin('set server pets.stable/t0 state maint');
    await platform.reported(({ drift }) => drift.some(({ path }) => path === 'server pets/stable/0 state'));
    await agent.stop();
    agent = await platform.startAgent(config);
    await platform.reported(({ drift, agent: { instance } }) => drift.length === 1 && instance !== '');
    expect(await admin('show servers state pets.stable')).toMatch(/ t0 127\.0\.0\.1 \d 1 /);
    await admin('set server pets.stable/t0 state ready');
    await platform.reported(({ drift }) => drift.length === 0);
  });

  it('keeps the counts of limits over a reload', async () => {
    // A worker whose predecessor had started cold looks for counters to take over for two times 5 s, and hands on
    // none until then.
    await waitFor(async () => Number(/^Uptime_sec: (\d+)/m.exec(await admin('show info'))?.[1]) >= 12, {
      timeoutMs: 20_000,
    });
    const counted = async () => (await call(port, '/counted', { 'x-api-key': 'acme-key' })).status;
    expect([await counted(), await counted(), await counted(), await counted()]).toEqual([200, 200, 200, 429]);
    const changed = await platform.store([...good(), apiUnit('more', upstream.port, anew(1))]);
    await bring(changed);
    expect((await call(port, '/more')).status).toBe(200);
    await waitFor(async () => /counted\|/.test(await admin('show table gitway/counts_day_4')));
    expect(await counted()).toBe(429);
    await bring(first);
    expect((await call(port, '/more')).status).toBe(404);
  });

  it('refuses what cannot be run and goes on serving what it had', async () => {
    const clash = await platform.store([
      ...good(),
      apiUnit('zoo', 1, { route: { hosts: [], basePath: '/pets', keepBasePath: false } }),
    ]);
    const generation = await platform.want(clash);
    const refused = await platform.reported((reported) => reported.generation === generation);
    expect(refused.running).toBe(first);
    expect(refused.drift).toEqual([]);
    expect(refused.problems).toEqual([{ unit: 'api zoo', message: expect.stringContaining('claimed by api pets') }]);

    const taken = createServer().listen(0, '127.0.0.1');
    await waitFor(() => taken.listening);
    const { port: busy } = taken.address() as { port: number };
    const listeners = [...gatewayUnit().listeners, { name: 'second', protocol: 'http' as const, port: busy }];
    const before = (await call(port, '/pets')).status;
    const next = await platform.want(await platform.store([gatewayUnit(listeners), pets()]));
    const blocked = await platform.reported((reported) => reported.generation === next);
    expect(blocked.problems).toEqual([{ unit: 'gateway edge', message: expect.stringContaining('EADDRINUSE') }]);
    expect([before, (await call(port, '/pets')).status]).toEqual([200, 200]);
    taken.close();
    await bring(first);
  });

  it('says of a snapshot that is only to be prepared whether it could run', async () => {
    const other = await platform.store([gatewayUnit(), pets()]);
    const generation = await platform.want(other, 'prepare');
    const reported = await platform.reported((seen) => seen.generation === generation);
    expect([reported.prepared, reported.running]).toEqual([other, first]);
    await bring(first);
  });

  it('skips to the newest of a burst', async () => {
    const snapshots = await Promise.all(
      Array.from({ length: 8 }, (_, index) => platform.store([...good(), apiUnit(`burst-${index}`, upstream.port)])),
    );
    for (const snapshot of snapshots) await platform.want(snapshot);
    await platform.reported(({ running, problems }) => running === snapshots.at(-1) && problems.length === 0);
    expect((await call(port, '/burst-7')).status).toBe(200);
    expect((await call(port, '/burst-0')).status).toBe(404);
  });

  it('loses no request of keep-alive connections while it reloads', async () => {
    const pool = new Agent({ keepAlive: true, maxSockets: 8 });
    const failures: string[] = [];
    let answered = 0;
    let running = true;
    const one = () =>
      new Promise<void>((resolve) => {
        const asked = request({ host: '127.0.0.1', port, path: '/pets/pets', agent: pool }, (answer) => {
          if (answer.statusCode !== 200) failures.push(String(answer.statusCode));
          answer.resume().on('end', () => {
            answered += 1;
            setTimeout(resolve, 2);
          });
        });
        asked.on('error', (error) => {
          failures.push(error.message);
          resolve();
        });
        asked.end();
      });
    const client = async () => {
      while (running) await one();
    };
    const clients = Array.from({ length: 8 }, client);
    const latencies: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const snapshot = await platform.store([...good(), apiUnit(`reload-${index}`, upstream.port, anew(index + 2))]);
      const reported = await bring(snapshot);
      latencies.push(Date.parse(reported.times.appliedAt!) - Date.parse(reported.times.desiredAt!));
    }
    running = false;
    await Promise.all(clients);
    pool.destroy();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(300);
    // A reload takes about 0.2 s; the bound is wide for a machine that does other things.
    expect(latencies.sort((a, b) => a - b)[2]).toBeLessThan(2_000);
    await bring(first);
  });

  it('reports a HAProxy that died and comes back in step with what is wanted', async () => {
    const batches = await messages<TrafficBatch>(TRAFFIC_STREAM, 'gitway.traffic.');
    process.kill(proxy.pid, 'SIGKILL');
    const worker = Number(
      /^(\d+)\s+worker/m.exec(await ask(proxy.masterSocket, 'show proc').catch(() => ''))?.[1] ?? 0,
    );
    if (worker > 0) process.kill(worker, 'SIGKILL');
    const silent = await platform.reported(({ running }) => running === null);
    expect(silent.problems.map(({ message }) => message).join()).toContain('does not answer');
    const next = await platform.store([...good(), apiUnit('later', upstream.port)]);
    const generation = await platform.want(next);
    await platform.reported((reported) => reported.generation === generation && reported.running === null);
    // A new HAProxy writes from the offset that it is given, O_APPEND or not, so it is given a file of its own.
    renameSync(join(folder.path(), 'access.log'), join(folder.path(), 'access.log.1'));
    proxy = await haproxy.start(folder.path());
    await platform.reported(inSync(next, generation));
    expect((await call(port, '/later', { 'x-request-id': 'after-crash' })).status).toBe(200);
    await waitFor(async () =>
      (await messages<TrafficBatch>(TRAFFIC_STREAM, 'gitway.traffic.'))
        .slice(batches.length)
        .some(({ calls }) => calls.some(({ requestId }) => requestId === 'after-crash')),
    );
  });

  it('goes on serving and logging without NATS, and tells everything when it is back', async () => {
    await platform.nats.kill();
    expect((await call(port, '/pets/pets', { 'x-request-id': 'without-nats' })).status).toBe(200);
    await admin('set server pets.stable/t0 weight 5');
    await platform.nats.restart();
    await platform.reported(({ drift }) => drift.length === 1, 30_000);
    await waitFor(
      async () =>
        (await messages<TrafficBatch>(TRAFFIC_STREAM, 'gitway.traffic.')).some(({ calls }) =>
          calls.some(({ requestId }) => requestId === 'without-nats'),
        ),
      { timeoutMs: 30_000 },
    );
    await waitFor(async () => (await observed()).at(-1)?.fields[0]?.path === 'server pets/stable/0 weight');
    await bring(first);
  });
});

describe('a directory that was prepared', () => {
  it('keeps the configuration that is there', () => {
    const file = join(folder.path(), 'haproxy.cfg');
    const before = readFileSync(file, 'utf8');
    prepareDirectory(config);
    expect(readFileSync(file, 'utf8')).toBe(before);
    writeFileSync(file, before);
  });
});
