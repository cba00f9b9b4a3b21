import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, Block, Desired } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { useGateway } from './testing/gateway.ts';
import { apiUnit, consumersUnit, gatewayUnit, keyAuth } from './testing/units.ts';

const gateway = useGateway();
const HOUR_MS = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const block = (what: Partial<Block>, until = inMs(HOUR_MS)) =>
  ({ id: JSON.stringify(what).slice(0, 60), until, reason: 'test', ...what }) as Block;
const guarded: Partial<ApiUnit> = {
  policy: { auth: keyAuth, rateLimits: [], timeouts: { connectMs: 1000, requestMs: 5000 } },
};
const status = async (path: string, headers = {}) => (await gateway.call(path, headers)).status;
const statuses = async () => [
  await status('/open'),
  await status('/open/admin/x'),
  await status('/guarded', { 'x-api-key': 'acme-key' }),
];

async function units() {
  const one = await gateway.upstream('one');
  const pools = await Promise.all(
    ['one', 'two'].map(async (name, index) => ({
      name,
      weight: index === 0 ? 100 : 0,
      targets: [{ scheme: 'http' as const, host: '127.0.0.1', port: await gateway.upstream(name), weight: 1 }],
      healthCheck: null,
    })),
  );
  return [
    gatewayUnit(),
    apiUnit('open', one),
    apiUnit('guarded', one, guarded),
    apiUnit('steps', one, { pools }),
    consumersUnit('acme', 'acme-key'),
  ];
}
const decide = async (decided: Pick<Desired, 'weights' | 'blocks'>) => gateway.bring(await units(), decided);

describe('a block', () => {
  const hash = consumersUnit('acme', 'acme-key').consumers[0]?.keyHashes[0] ?? '';

  it.each<[string, Partial<Block>, number[]]>([
    ['of an address', { kind: 'address', address: '127.0.0.1' }, [403, 403, 403]],
    ['of a network', { kind: 'address', address: '127.0.0.0/8' }, [403, 403, 403]],
    ['of another network', { kind: 'address', address: '192.0.2.0/24' }, [200, 200, 200]],
    ['of a path', { kind: 'path', path: '/open/admin' }, [200, 403, 200]],
    ['of a consumer', { kind: 'consumer', consumer: 'acme' }, [200, 200, 403]],
    ['of another consumer', { kind: 'consumer', consumer: 'active' }, [200, 200, 200]],
    ['of a key', { kind: 'key', hash }, [200, 200, 403]],
  ])('%s refuses what it names, without a reload, and goes again', async (_what, what, expected) => {
    await decide({});
    const worker = await gateway.worker();
    await decide({ blocks: [block(what)] });
    expect(await statuses()).toEqual(expected);
    await decide({});
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(await gateway.worker()).toBe(worker);
  });

  it('of a path is not got round by another spelling', async () => {
    await decide({ blocks: [block({ kind: 'path', path: '/open/admin' })] });
    const spelled = ['/open/%61dmin/x', '/open//admin/x', '/open/admin;a=b/x', '/open/admin'];
    expect(await Promise.all(spelled.map((path) => status(path)))).toEqual([403, 403, 403, 403]);
    expect(await status('/open/administrator')).toBe(200);
  });

  it('is told as a problem, with no word of why', async () => {
    await decide({ blocks: [block({ kind: 'address', address: '127.0.0.1' })] });
    const { body } = await gateway.call('/open');
    expect(JSON.parse(body)).toMatchObject({ type: 'urn:gitway:problem:blocked', status: 403 });
    expect(body).not.toContain('test');
  });

  it('holds over a reload, and over a restart of agent and HAProxy', async () => {
    const blocks = [block({ kind: 'path', path: '/open/admin' })];
    await decide({ blocks });
    const worker = await gateway.worker();
    await gateway.bring([...(await units()), apiUnit('new', await gateway.upstream('one'), { lifecycle: 'retired' })], {
      blocks,
    });
    expect(await gateway.worker()).not.toBe(worker);
    expect(await statuses()).toEqual([200, 403, 200]);
    await gateway.restartAgent();
    await gateway.restartProxy();
    await gateway.platform.reported(({ running, drift }) => running !== null && drift.length === 0);
    expect(await statuses()).toEqual([200, 403, 200]);
  });

  it('ends by itself, in HAProxy and in what the agent writes', async () => {
    await decide({});
    const { times: told } = await decide({
      blocks: [block({ kind: 'path', path: '/open/admin' }, inMs(1500)), block({ kind: 'consumer', consumer: 'acme' })],
    });
    expect(await statuses()).toEqual([200, 403, 403]);
    await waitFor(async () => (await status('/open/admin/x')) === 200);
    const map = async (name: string) => {
      const path = (await gateway.admin('show map')).match(new RegExp(`\\((maps/${name}\\S+)\\)`))?.[1];
      return gateway.admin(`show map ${path}`);
    };
    await waitFor(async () => (await map('blocked-paths')).trim() === '');
    expect(await map('blocked-consumers')).toContain('acme');
    const { times } = await gateway.platform.reported(({ running }) => running !== null);
    expect(times).toEqual({ ...told, reportedAt: times.reportedAt });
    expect(await statuses()).toEqual([200, 200, 403]);
  });

  it('that has ended already is never applied', async () => {
    await decide({ blocks: [block({ kind: 'address', address: '127.0.0.1' }, inMs(-1000))] });
    expect(await statuses()).toEqual([200, 200, 200]);
  });
});

describe('a step of a roll-out', () => {
  it('moves the calls without a reload, and is refused where it names no pool', async () => {
    const answers = async () =>
      new Set(await Promise.all(Array.from({ length: 40 }, async () => (await gateway.call('/steps')).body)));
    await decide({});
    const worker = await gateway.worker();
    expect(await answers()).toEqual(new Set(['one']));
    await decide({ weights: { steps: { one: 50, two: 50 } } });
    expect(await answers()).toEqual(new Set(['one', 'two']));
    await decide({ weights: { steps: { one: 0, two: 100 } } });
    expect(await answers()).toEqual(new Set(['two']));
    expect(await gateway.worker()).toBe(worker);
    const generation = await gateway.platform.want(await gateway.platform.store(await units()), 'run', {
      weights: { steps: { three: 100 } },
    });
    const { problems } = await gateway.platform.reported((reported) => reported.generation === generation);
    expect(problems).toEqual([{ unit: 'api steps', message: expect.stringContaining('"three"') }]);
    expect(await answers()).toEqual(new Set(['two']));
  });
});
