import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiUnit, EffectivePolicy, RateLimit } from '@gitway/contracts';
import { httpCall, startTestUpstream, tempDir, type TestUpstream, useHaproxy, waitFor } from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aConsumer, aGateway, anApi, aPlan, aPool, aShard, keyAuth, policyOf } from '../testing/units.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const DAY = 86_400_000;
let upstream: TestUpstream;
let port: number;

const rate = (requests: number, change: Partial<RateLimit> = {}): RateLimit => ({
  requests,
  windowMs: DAY,
  by: 'consumer',
  ...change,
});
const operations = [
  { id: 'list', method: 'get', path: '/pets' },
  { id: 'add', method: 'post', path: '/pets' },
  { id: 'drop', method: 'delete', path: '/pets/{id}' },
];

beforeAll(async () => {
  upstream = await startTestUpstream('pets');
  const pools = [aPool('stable', 100, [upstream.port])];
  const api = (name: string, policy: Partial<EffectivePolicy>, change: Partial<ApiUnit> = {}) =>
    anApi(name, { pools, policy: policyOf(policy), ...change });
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    api('windows', { rateLimits: [rate(5, { by: 'ip' }), rate(3, { by: 'ip', windowMs: 3_600_000 })] }),
    api('ways', {
      auth: keyAuth,
      rateLimits: [rate(2), rate(3, { by: 'api' }), rate(2, { by: 'header', header: 'x-tenant' })],
    }),
    api('quotas', {
      rateLimits: [],
      quotas: [
        { requests: 9, per: 'day', by: 'ip' },
        { requests: 8, per: 'week', by: 'ip' },
        { requests: 2, per: 'month', by: 'ip' },
      ],
    }),
    api('burst', { rateLimits: [rate(1, { by: 'ip', burst: 4 })] }),
    api('steady', { rateLimits: [rate(20, { by: 'ip', windowMs: 1000, burst: 1 })] }),
    api('plans', { auth: keyAuth, rateLimits: [rate(1)] }, { plans: ['free', 'pro', 'plain'] }),
    api('shared', { auth: keyAuth, rateLimits: [rate(3, { by: 'plan' })] }, { plans: ['plain'] }),
    api(
      'operations',
      {
        auth: keyAuth,
        rateLimits: [rate(4)],
        operations: { drop: { rateLimits: [rate(1)] }, add: { rateLimits: [rate(1)] } },
      },
      { operations },
    ),
    api('busy', { concurrency: { requests: 1, by: 'api', queue: 0, queueTimeoutMs: 1000 } }),
    aPlan('free', rate(2)),
    aPlan('pro', rate(4)),
    aPlan('plain'),
    aShard([
      aConsumer('acme', 'acme-key', { plans: ['free', 'plain'] }),
      aConsumer('big', 'big-key', { plans: ['free', 'pro'] }),
      aConsumer('plain', 'plain-key', { plans: ['plain'] }),
      aConsumer('loner', 'loner-key'),
    ]),
  ]);
});
afterAll(() => upstream.close());

const key = (value: string, more: Record<string, string> = {}) => ({ 'x-api-key': value, ...more });
async function statuses(count: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await httpCall(port, path, headers, method)).status);
  return found;
}

describe('limits', () => {
  it('hold all at once, and tell what is left and when to come back', async () => {
    const first = await httpCall(port, '/windows');
    expect(first.headers['ratelimit-policy']).toBe('"day";q=5;w=86400, "hour";q=3;w=3600');
    expect(first.headers['ratelimit']).toMatch(/^"day";r=4;t=\d+, "hour";r=2;t=\d+$/);
    expect(await statuses(3, '/windows')).toEqual([200, 200, 429]);
    const refused = await httpCall(port, '/windows');
    expect(refused.headers['ratelimit']).toMatch(/^"hour";r=0;t=\d+$/);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3600);
    expect(JSON.parse(refused.body)).toMatchObject({ type: 'urn:gitway:problem:rate-limited' });
  });

  it('are counted by consumer, API and header side by side', async () => {
    expect(await statuses(3, '/ways', key('acme-key', { 'x-tenant': 'a' }))).toEqual([200, 200, 429]);
    // Refused calls were not counted: one of three is left for the API.
    expect(await statuses(1, '/ways', key('loner-key', { 'x-tenant': 'a' }))).toEqual([429]);
    expect(await statuses(2, '/ways', key('loner-key', { 'x-tenant': 'b' }))).toEqual([200, 429]);
  });

  it('hold for calendar periods', async () => {
    const { headers } = await httpCall(port, '/quotas');
    expect(headers['ratelimit']).toMatch(/^"day";r=8;t=\d+, "week";r=7;t=\d+, "month";r=1;t=\d+$/);
    const [day, week, month] = [...String(headers['ratelimit']).matchAll(/t=(\d+)/g)].map(([, text]) => Number(text));
    const now = new Date();
    const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
    const monday = midnight + ((7 - now.getUTCDay()) % 7) * DAY;
    const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    const seconds = (end: number) => (end - now.getTime()) / 1000;
    expect(Math.abs((day ?? 0) - seconds(midnight))).toBeLessThan(10);
    expect(Math.abs((week ?? 0) - seconds(monday))).toBeLessThan(10);
    expect(Math.abs((month ?? 0) - seconds(first))).toBeLessThan(10);
    expect(await statuses(2, '/quotas')).toEqual([200, 429]);
  });

  it('let a burst through, and then the steady rate', async () => {
    expect(await statuses(6, '/burst')).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await httpCall(port, '/burst');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(86_000);
    await waitFor(async () => (await httpCall(port, '/steady')).status === 429);
    await waitFor(async () => (await httpCall(port, '/steady')).status === 200);
  });

  it('of a plan stand in place of the API’s own, the most generous first', async () => {
    expect(await statuses(3, '/plans', key('acme-key'))).toEqual([200, 200, 429]);
    expect(await statuses(5, '/plans', key('big-key'))).toEqual([200, 200, 200, 200, 429]);
    expect(await statuses(2, '/plans', key('plain-key'))).toEqual([200, 429]);
  });

  it('are shared by the subscribers of a plan', async () => {
    expect(await statuses(2, '/shared', key('acme-key'))).toEqual([200, 200]);
    expect(await statuses(2, '/shared', key('plain-key'))).toEqual([200, 429]);
  });

  it('of an operation hold for that one alone, in place of the API’s', async () => {
    const acme = key('acme-key');
    expect(await statuses(2, '/operations/pets/1', acme, 'DELETE')).toEqual([200, 429]);
    expect(await statuses(2, '/operations/pets', acme, 'POST')).toEqual([200, 429]);
    expect(await statuses(5, '/operations/pets', acme)).toEqual([200, 200, 200, 200, 429]);
    expect(await statuses(1, '/operations/pets/1', key('big-key'), 'DELETE')).toEqual([200]);
  });

  it('of calls under way', async () => {
    await waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => httpCall(port, '/busy')));
      const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
      return count(429) > 0 && count(200) > 0 && count(200) + count(429) === 20;
    });
    expect(await statuses(1, '/busy')).toEqual([200]);
  });
});
