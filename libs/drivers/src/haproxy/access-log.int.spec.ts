import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EffectivePolicy } from '@gitway/contracts';
import { startTestUpstream, tempDir, type TestUpstream, useHaproxy, waitFor } from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aGateway, anApi, aPool, policyOf } from '../testing/units.ts';
import { wireCall } from '../testing/wire.ts';
import { type AccessRecord, parseAccessLine } from './access-log.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let upstream: TestUpstream;
let port: number;

type Log = NonNullable<EffectivePolicy['accessLog']>;
const logged = (change: Partial<Log>) =>
  policyOf({ accessLog: { level: 'all', sample: 1, headers: [], audit: 'off', ...change } });
const names = Array.from({ length: 20 }, (_, index) => `x-own-${index}`);

beforeAll(async () => {
  upstream = await startTestUpstream('upstream');
  const api = (name: string, policy: EffectivePolicy) =>
    anApi(name, { policy, pools: [aPool('stable', 100, [upstream.port])] });
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    api('plain', policyOf()),
    api('headers', logged({ headers: ['x-own'] })),
    api('many', logged({ headers: names })),
    api('share', logged({ sample: 0.5 })),
    api('kept', logged({ level: 'off', sample: 0.001, audit: 'metadata' })),
  ]);
}, 60_000);
afterAll(() => upstream.close());

let count = 0;
/** What the log says of a call; headers as bytes (latin1). */
async function record(path: string, headers: readonly string[] = []): Promise<AccessRecord> {
  const id = `call-${(count += 1)}`;
  await wireCall(port, [`GET ${path} HTTP/1.1`, 'host: shop.test', `x-request-id: ${id}`, ...headers]);
  return waitFor(() => lines().find(({ requestId }) => requestId === id) ?? null);
}
const lines = () =>
  readFileSync(join(folder.path(), 'access.log'), 'utf8')
    .split('\n')
    .flatMap((line) => parseAccessLine(line) ?? []);

const trace = '0af7651916cd43dd8448eb211c80319c';

describe('a line of the log', () => {
  it('says where time went, which revision answered, and under which trace', async () => {
    const [kept, made] = [
      await record('/plain/x', [`traceparent: 00-${trace}-b7ad6b7169203331-01`]),
      await record('/plain/x', ['traceparent: 00-what-ever-01']),
    ];
    expect(kept).toMatchObject({ api: 'plain', status: 200, traceId: trace, share: 1, audited: false, headers: {} });
    expect(kept.version).toMatch(/^[0-9a-f]{12}$/);
    expect(made.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(made.traceId).not.toBe(trace);
    for (const { queueMs, connectMs, upstreamMs, totalMs } of [kept, made]) {
      expect([queueMs, connectMs, upstreamMs, totalMs].every((ms) => ms >= 0)).toBe(true);
      expect(totalMs).toBeGreaterThanOrEqual(upstreamMs);
    }
  });

  it.each([
    ['quotes and backslashes', 'a"b\\c\\"d', 'a"b\\c\\"d'],
    [
      'what looks like the end of a line',
      '"}\\n{"t":1,"status":200,"api":"forged',
      '"}\\n{"t":1,"status":200,"api":"forged',
    ],
    ['characters of other scripts', Buffer.from('grüße').toString('latin1'), 'grüße'],
    ['formats', '%[var(txn.rev)] %ci ${HOME}', '%[var(txn.rev)] %ci ${HOME}'],
  ])('holds a header with %s as it was', async (_what, sent, held) => {
    expect((await record('/headers/x', [`x-own: ${sent}`])).headers).toEqual({ 'x-own': held });
  });

  it('stays whole with the longest values in many headers, and a long path', async () => {
    const value = '\\"'.repeat(150);
    const own = names.map((name) => `${name}: ${value}`);
    const { headers, path } = await record(`/many/${'%22'.repeat(600)}`, own);
    expect(Object.keys(headers)).toEqual(names);
    expect(Object.values(headers).every((text) => value.startsWith(text) && text.length === 50)).toBe(true);
    expect(path).toHaveLength(1024);
  });

  it('says for how many calls it stands, and evidence for itself', async () => {
    const seen = new Set<number>();
    for (let index = 0; index < 20; index += 1) await wireCall(port, ['GET /share/x HTTP/1.1', 'host: shop.test']);
    const last = await record('/kept/x');
    for (const line of lines()) if (line.api === 'share') seen.add(line.share);
    expect([...seen]).toEqual([0.5]);
    expect(lines().filter(({ api }) => api === 'share').length).toBeLessThan(20);
    expect(last).toMatchObject({ audited: true, share: 1 });
  });
});
