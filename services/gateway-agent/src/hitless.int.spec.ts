import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiUnit, Block } from '@gitway/contracts';
import { type LoadTarget, startLoad } from '@gitway/drivers/conformance/testing';
import { waitFor } from '@gitway/testing';
import { useGateway } from './testing/gateway.ts';
import { apiUnit, consumersUnit, gatewayUnit, keyAuth } from './testing/units.ts';

const CHANGES = 50;
const HOUR_MS = 3_600_000;
const gateway = useGateway();
const ports: number[] = [];
const closing: (() => void)[] = [];

beforeAll(async () => {
  for (const name of ['even', 'odd']) {
    const server = createServer({ keepAliveTimeout: 120_000 }, (asked, answer) => answer.end(`${name} ${asked.url}`));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
  }
});
afterAll(() => closing.forEach((close) => close()));

const none = (connectMs: number): ApiUnit['policy'] => ({
  auth: { kind: 'none' },
  rateLimits: [],
  timeouts: { connectMs, requestMs: 5000 },
});

/** Even revisions take the base path off and call one upstream, odd ones keep it and call the other. */
const revised = (name: string, revision: number, connectMs = 1000) =>
  apiUnit(name, ports[revision % 2] ?? 0, {
    route: { hosts: [], basePath: `/${name}`, keepBasePath: revision % 2 === 1 },
    policy: none(connectMs),
  });
const target = (name: string, headers: Record<string, string> = {}): LoadTarget => ({
  name,
  host: 'load.test',
  line: `GET /${name}/x`,
  headers,
  revisions: ({ status, body }) => {
    const [upstream, path] = body.split(' ');
    if (status !== 200 || upstream === undefined || path === undefined) return null;
    return [upstream, path.startsWith(`/${name}`) ? 'odd' : 'even'];
  },
});

interface Wanted {
  a: number;
  b: number;
  connectMs: number;
  share: number;
  keys: number;
  extra: boolean;
  blocks: Block[];
}

/** What is changed in turn. */
const changes: ((wanted: Wanted, index: number) => Partial<Wanted>)[] = [
  ({ a }) => ({ a: a + 1 }),
  (_wanted, index) => ({ connectMs: 2000 + index }),
  ({ share }) => ({ share: (share + 30) % 101 }),
  ({ b }) => ({ b: b + 1 }),
  ({ keys }) => ({ keys: keys + 1 }),
  ({ extra }) => ({ extra: !extra }),
  (_wanted, index) => ({
    blocks: [
      {
        id: 'b',
        kind: 'address',
        address: `192.0.2.${index}`,
        until: new Date(Date.now() + HOUR_MS).toISOString(),
        reason: '',
      },
    ],
  }),
  // Rules and upstream of both at once, by a reload.
  ({ a, b }, index) => ({ a: a + 1, b: b + 1, connectMs: 2000 + index }),
];

const bring = ({ a, b, connectMs, share, keys, extra, blocks }: Wanted) => {
  const consumers = consumersUnit('acme', 'acme-key');
  const others = Array.from({ length: keys }, (_, index) => consumersUnit(`c-${index}`, `k-${index}`).consumers[0]!);
  return gateway.bring(
    [
      gatewayUnit(),
      revised('a', a),
      revised('b', b, connectMs),
      revised('c', 0),
      revised('d', 1),
      apiUnit('guarded', ports[0] ?? 0, { policy: { ...none(1000), auth: keyAuth } }),
      apiUnit('split', 0, {
        pools: ['one', 'two'].map((name, index) => ({
          name,
          weight: index === 0 ? 100 - share : share,
          targets: [{ scheme: 'http' as const, host: '127.0.0.1', port: ports[0] ?? 0, weight: 1 }],
          healthCheck: null,
        })),
      }),
      ...(extra ? [revised('extra', 0)] : []),
      { ...consumers, consumers: [...consumers.consumers, ...others] },
    ],
    { blocks },
  );
};

it('fifty changes of every kind fail no call and answer none from two revisions', async () => {
  let wanted: Wanted = { a: 0, b: 0, connectMs: 1000, share: 50, keys: 0, extra: false, blocks: [] };
  await bring(wanted);
  const targets = [
    ...['a', 'b', 'c', 'd', 'split'].map((name) => target(name)),
    target('guarded', { 'x-api-key': 'acme-key' }),
  ];
  const load = startLoad({ to: { host: '127.0.0.1', port: gateway.port() }, targets });
  const reloads = await gateway.reloads();
  for (let index = 0; index < CHANGES; index += 1) {
    wanted = { ...wanted, ...changes[index % changes.length]!(wanted, index) };
    await bring(wanted);
    const before = load.result.calls;
    await waitFor(() => load.result.calls > before + 50);
  }
  const result = await load.stop();
  expect(result.failed).toEqual([]);
  expect(result.wrong).toEqual([]);
  expect(result.mixed).toEqual([]);
  expect([...result.seen.keys()].sort()).toEqual(targets.map(({ name }) => name).sort());
  expect(result.seen.get('a')).toEqual(['even', 'odd']);
  expect(result.seen.get('b')).toEqual(['even', 'odd']);
  const taken = (await gateway.reloads()) - reloads;
  expect(taken).toBeGreaterThan(5);
  expect(taken).toBeLessThan(CHANGES / 2);
}, 120_000);
