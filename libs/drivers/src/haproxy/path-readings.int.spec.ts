import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { tempDir, useHaproxy } from '@gitway/testing';
import fc from 'fast-check';
import { startGateway } from '../testing/start-gateway.ts';
import { aGateway, anApi, aPool, keyAuth } from '../testing/units.ts';
import { startWireUpstream, type WireUpstream } from '../testing/wire.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const agent = new Agent({ keepAlive: true });
let upstream: WireUpstream;
let port: number;

beforeAll(async () => {
  upstream = await startWireUpstream();
  const pools = [aPool('stable', 100, [upstream.port])];
  const open = { auth: { kind: 'none' as const }, rateLimits: [], timeouts: { connectMs: 500, requestMs: 2000 } };
  const at = (basePath: string) => ({ hosts: [], basePath, keepBasePath: true });
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    anApi('root', { pools, policy: open, route: at('/') }),
    anApi('a', { pools, policy: open, route: at('/a') }),
    anApi('s', { pools, policy: { ...open, auth: keyAuth }, route: at('/a/s') }),
    anApi('t', { pools, policy: open, route: at('/a/s/t') }),
  ]);
});
afterAll(async () => {
  agent.destroy();
  await upstream.close();
});

const pieces = ['/', '/a', '/s', '/t', 's', 'x', ';', ';v', '\\', '..', '.', '%', '%zz', '%2573'];
pieces.push(...['%2f', '%3b', '%3f', '%23', '%61', '%73', '%25', '%2e', '%5c', '%00']);

/** What upstreams do to a path before they look at it: any of these, in any order, any number of times. */
const readings: ((path: string) => string)[] = [
  (path) => path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  (path) => path.replace(/%(?!2f)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  (path) => path.replace(/;[^/]*/g, ''),
  (path) => path.split(';')[0]!,
  (path) => path.replace(/\/+/g, '/'),
  (path) => path.split(/[?#]/)[0]!,
  (path) => path.replaceAll('\\', '/'),
  (path) => new URL(`http://upstream${path.startsWith('/') ? path : `/${path}`}`).pathname,
];

function allReadings(path: string): Set<string> {
  const forms = new Set([path]);
  for (const form of forms) {
    for (const read of readings) if (forms.size < 500) forms.add(read(form));
  }
  return forms;
}

const isGuarded = (path: string) => `${path}/`.startsWith('/a/s/') && !`${path}/`.startsWith('/a/s/t/');

const statusOf = (path: string) =>
  new Promise<number>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });

it('passes without a key no path that some upstream reads as one that needs it', async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/', '/a/'),
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }),
      async (start, rest) => {
        const path = start + rest.join('');
        if ((await statusOf(path)) !== 200) return;
        passed += 1;
        expect([...allReadings(path)].filter(isGuarded)).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
  expect(passed).toBeGreaterThan(100);
}, 60_000);
