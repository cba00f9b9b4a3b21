import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiUnit, Unit } from '@gitway/contracts';
import {
  tempDir,
  useHaproxy,
  waitFor,
  httpCall as call,
  startTestUpstream as startUpstream,
  type TestUpstream as Upstream,
} from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aConsumer, aContext, aGateway, anApi, aPlan, aPool, aShard, keyAuth } from '../testing/units.ts';
import { parseAccessLine } from './access-log.ts';
import { PROBE_HEADER, PROBE_PATH } from './names.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const timeouts = { connectMs: 500, requestMs: 2000 };
const hour = 3_600_000;
let stable: Upstream;
let canary: Upstream;
let port: number;

const withAuth = (change: Partial<ApiUnit['policy']> = {}): ApiUnit['policy'] => ({
  auth: keyAuth,
  rateLimits: [],
  timeouts,
  ...change,
});
const limit = (requests: number, by: 'consumer' | 'ip' | 'api') => ({ requests, windowMs: 24 * hour, by });

beforeAll(async () => {
  stable = await startUpstream('stable');
  canary = await startUpstream('canary');
  const pool = aPool('stable', 100, [stable.port]);
  const pools = [pool];
  const open = { auth: { kind: 'none' as const }, rateLimits: [], timeouts };
  const units: Unit[] = [
    aGateway,
    anApi('open', { pools, policy: open }),
    anApi('open-inner', { pools, policy: open, route: { hosts: [], basePath: '/open/inner', keepBasePath: true } }),
    anApi('hosted', { pools, policy: open, route: { hosts: ['api.example.com'], basePath: '/', keepBasePath: false } }),
    anApi('guarded', { pools, policy: withAuth() }),
    anApi('planned', { pools, policy: withAuth({ rateLimits: [limit(2, 'consumer')] }), plans: ['free', 'pro'] }),
    anApi('by-ip', { pools, policy: { ...open, rateLimits: [limit(3, 'ip')] } }),
    anApi('by-api', { pools, policy: withAuth({ rateLimits: [limit(3, 'api')] }) }),
    anApi('dead', { pools: [aPool('stable', 100, [1])], policy: open }),
    anApi('old', { pools, policy: open, lifecycle: 'retired' }),
    anApi('split', { pools: [aPool('stable', 80, [stable.port]), aPool('canary', 20, [canary.port])], policy: open }),
    anApi('checked', {
      policy: open,
      pools: [
        {
          ...aPool('stable', 100, [stable.port, 1]),
          healthCheck: { path: '/health', intervalMs: 1000, unhealthyAfter: 2, healthyAfter: 1 },
        },
      ],
    }),
    anApi('secure', {
      policy: open,
      pools: [
        { ...aPool('stable', 100, [1]), targets: [{ scheme: 'https', host: 'localhost', port: 1, weight: 256 }] },
      ],
    }),
    aPlan('free'),
    aPlan('pro', limit(5, 'consumer')),
    aShard([
      aConsumer('acme', 'acme-key', { plans: ['free'] }),
      aConsumer('big', 'big-key', { plans: ['free', 'pro'] }),
      aConsumer('none', 'none-key'),
      aConsumer('bad', 'bad-key', { suspended: true, plans: ['free'] }),
    ]),
  ];
  port = await startGateway(haproxy, folder.path(), units);
});
afterAll(() => Promise.all([stable.close(), canary.close()]));

const key = (value: string) => ({ 'x-api-key': value });
const calls = () => stable.seen.filter(({ headers }) => headers['user-agent'] !== 'gitway-health');
const last = () => calls().at(-1)!;

describe('HAProxy routes', () => {
  it('by the longest base path on a segment border, and strips it', async () => {
    await call(port, '/open/x?q=1');
    expect(last().url).toBe('/x?q=1');
    await call(port, '/open');
    expect(last().url).toBe('/');
    await call(port, '/open/inner/y');
    expect(last().url).toBe('/open/inner/y');
    expect((await call(port, '/opened')).status).toBe(404);
  });

  it('by host, in any case, with a port and a final dot', async () => {
    for (const host of ['api.example.com', 'API.Example.com:8080', 'api.example.com.']) {
      expect((await call(port, '/x', { host })).status).toBe(200);
    }
    expect((await call(port, '/x', { host: 'other.example.com' })).status).toBe(404);
    expect((await call(port, '/x', { host: 'api.example.com/x' })).status).toBe(400);
  });

  it.each([
    '/open/../guarded',
    '/open/%2e%2e/guarded',
    '/open/..%2fguarded',
    '/open/..',
    '/open/.',
    '/open/a%5c..',
    '/open/%00',
  ])('never a path that climbs: %s', async (path) => {
    const before = calls().length;
    expect((await call(port, path)).status).toBe(400);
    expect(calls()).toHaveLength(before);
  });

  it('calls to pools by their weights', async () => {
    const answers = await Promise.all(Array.from({ length: 400 }, () => call(port, '/split')));
    const share = answers.filter(({ body }) => body === 'canary').length / answers.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.32);
  });

  it('around a target that fails its health check', async () => {
    await waitFor(() =>
      stable.seen.some(({ url, headers }) => url === '/health' && headers['user-agent'] === 'gitway-health'),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(port, '/checked')));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });
});

describe('HAProxy authenticates', () => {
  it('a key in the header, as a bearer token or in the query, and takes it out', async () => {
    const ways: [string, Record<string, string>][] = [
      ['/guarded/x?a=1', key('acme-key')],
      ['/guarded/x?a=1', { authorization: 'Bearer acme-key' }],
      ['/guarded/x?api_key=acme-key&a=1', {}],
      ['/guarded/x?a=1&api_key=acme-key', {}],
    ];
    for (const [path, headers] of ways) {
      expect(
        (await call(port, path, { ...headers, 'X-Gitway-Consumer': 'forged', x_gitway_consumer: 'forged' })).status,
      ).toBe(200);
      expect(last().url).toBe('/x?a=1');
      expect(last().headers['x-gitway-consumer']).toBe('acme');
      expect(JSON.stringify(last().headers)).not.toMatch(/acme-key|forged/);
    }
  });

  it('and answers 401 or 403 with a problem', async () => {
    const refused = async (path: string, headers = {}) => {
      const before = calls().length;
      const answer = await call(port, path, headers);
      expect(calls()).toHaveLength(before);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      const problem = JSON.parse(answer.body);
      expect(problem).toMatchObject({ status: answer.status, requestId: answer.headers['x-request-id'] });
      return `${answer.status} ${problem.type.split(':').at(-1)} ${answer.headers['www-authenticate'] ?? ''}`.trim();
    };
    expect(await refused('/guarded')).toBe('401 missing-key ApiKey realm="gitway"');
    expect(await refused('/guarded', key(''))).toBe('401 missing-key ApiKey realm="gitway"');
    expect(await refused('/guarded', key('wrong'))).toBe('401 unknown-key ApiKey realm="gitway"');
    expect(await refused('/guarded', key('bad-key'))).toBe('403 suspended');
    expect(await refused('/planned', key('none-key'))).toBe('403 not-entitled');
    expect(await refused('/nowhere')).toBe('404 no-route');
    expect(await refused('/old')).toBe('410 retired');
    expect(await refused('/dead')).toBe('503 no-upstream');
  });
});

describe('HAProxy limits', () => {
  const statuses = async (times: number, path: string, headers = {}) => {
    const answers = [];
    for (let index = 0; index < times; index += 1) answers.push(await call(port, path, headers));
    return answers;
  };

  it("each consumer by the plan's limit, or the API's own", async () => {
    const free = await statuses(4, '/planned', key('acme-key'));
    expect(free.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    const pro = await statuses(6, '/planned', key('big-key'));
    expect(pro.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(pro.at(-1)!.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(pro.at(-1)!.headers['retry-after'])).toBeLessThanOrEqual(86_400);
  });

  it('by address and by API, exactly under concurrency', async () => {
    const byIp = await Promise.all(Array.from({ length: 30 }, () => call(port, '/by-ip')));
    expect(byIp.filter(({ status }) => status === 200)).toHaveLength(3);
    const byApi = await Promise.all(
      Array.from({ length: 30 }, (_, index) => call(port, '/by-api', key(index % 2 ? 'acme-key' : 'big-key'))),
    );
    expect(byApi.filter(({ status }) => status === 200)).toHaveLength(3);
  });
});

describe('HAProxy tells', () => {
  const lines = () => readFileSync(join(folder.path(), 'access.log'), 'utf8').split('\n');
  const logged = (id: string) =>
    waitFor(() =>
      lines()
        .map(parseAccessLine)
        .find((record) => record?.requestId === id),
    );

  it('a request id and a trace: kept where they are sound, made where not', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
    const kept = await call(port, '/open', { 'x-request-id': 'mine-1', traceparent });
    expect([kept.headers['x-request-id'], last().headers['x-request-id'], last().headers['traceparent']]).toEqual([
      'mine-1',
      'mine-1',
      traceparent,
    ]);
    const made = await call(port, '/open', { 'x-request-id': 'a b"', traceparent: 'nonsense' });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(last().headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('one whole line for each request, whatever the client sends', async () => {
    await call(port, '/guarded/x?secret=1', { ...key('acme-key'), 'x-request-id': 'logged-1' });
    expect(await logged('logged-1')).toMatchObject({
      api: 'guarded',
      consumer: 'acme',
      method: 'GET',
      path: '/guarded/x',
      status: 200,
      answeredBy: 'upstream',
      termination: '--',
      snapshot: aContext().snapshot,
    });
    await call(port, `/open/${'%22%5b"\\'.slice(0, 10)}${'x"'.repeat(3000)}`, { 'x-request-id': 'logged-2' });
    const long = await logged('logged-2');
    expect(long?.path).toHaveLength(1024);
    await call(port, '/planned', { ...key('acme-key'), 'x-request-id': 'logged-3' });
    expect(await logged('logged-3')).toMatchObject({
      status: 429,
      answeredBy: 'gateway',
      termination: 'PR',
      upstreamMs: -1,
    });
    expect(lines().filter((line) => line.startsWith('{') && parseAccessLine(line) === null)).toEqual([]);
  });

  it('the snapshot that it runs, to whoever knows the token only, and does not log that', async () => {
    const probe = await call(port, PROBE_PATH, { [PROBE_HEADER]: aContext().probeToken, 'x-request-id': 'probe-1' });
    expect(probe.headers['gitway-snapshot']).toBe(aContext().snapshot);
    expect((await call(port, PROBE_PATH, { [PROBE_HEADER]: 'guess', 'x-request-id': 'probe-2' })).status).toBe(404);
    await logged('probe-2');
    expect(lines().some((line) => line.includes('probe-1'))).toBe(false);
  });
});
