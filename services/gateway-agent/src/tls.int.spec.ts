import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewayUnit } from '@gitway/contracts';
import { type Certificate, certificateOf, connectionOf, issued, startLoad } from '@gitway/drivers/conformance/testing';
import type { RunningService } from '@gitway/service';
import { freePort, startTestUpstream, tempDir, type TestUpstream, useHaproxy, waitFor } from '@gitway/testing';
import { ask } from './adapters/haproxy-socket.ts';
import { prepareDirectory } from './app/run-gateway.ts';
import type { AgentConfig } from './config.ts';
import { usePlatform } from './testing/agent.ts';
import { inSync, programIn } from './testing/gateway.ts';
import { apiUnit, gatewayUnit } from './testing/units.ts';

const platform = usePlatform();
const haproxy = useHaproxy();
const folder = tempDir();
const secrets = tempDir();
const names = ['shop.test'];
const day = 86_400_000;
let upstream: TestUpstream;
let ports: { http: number; https: number };
let config: AgentConfig;
let agent: RunningService;
let proxy: Awaited<ReturnType<typeof haproxy.start>>;

beforeAll(async () => {
  upstream = await startTestUpstream('upstream');
  ports = { http: await freePort(), https: await freePort() };
  mkdirSync(secrets.path(), { recursive: true });
  config = {
    ...platform.config(folder.path(), ports.http, programIn(folder.path(), haproxy.installation())),
    GITWAY_LISTENERS: { http: `127.0.0.1:${ports.http}`, https: `127.0.0.1:${ports.https}` },
    GITWAY_SECRETS_DIR: secrets.path(),
    GITWAY_SECRETS_INTERVAL: 50,
  };
  prepareDirectory(config);
  proxy = await haproxy.start(folder.path());
  agent = await platform.startAgent(config);
}, 60_000);
afterAll(async () => {
  await agent.stop();
  await upstream.close();
});

const renewed = (subject: string, change: { from?: Date; until?: Date } = {}) =>
  issued({ subject, names, signedBy: 'ca', ...change });
/** As a mounted secret changes: at once. */
function provide(name: string, { certificate, key }: Certificate): void {
  writeFileSync(join(secrets.path(), `${name}.part`), `${certificate}\n${key}\n`);
  renameSync(join(secrets.path(), `${name}.part`), join(secrets.path(), name));
}
const secure = (secret: string, tls: object = {}): GatewayUnit =>
  gatewayUnit([
    { name: 'http', protocol: 'http', port: 8080 },
    {
      name: 'https',
      protocol: 'https',
      port: 8443,
      tls: { certificates: [{ certificate: { secret } }], minVersion: '1.2', ...tls },
    },
  ]);
const shop = () => apiUnit('shop', upstream.port);
const bring = async (gateway: GatewayUnit) => {
  const snapshot = await platform.store([gateway, shop()]);
  const generation = await platform.want(snapshot);
  await platform.reported(inSync(snapshot, generation));
  return snapshot;
};
const destination = () => ({ host: '127.0.0.1', port: ports.https, tls: { name: 'shop.test' } });
/** Common name of the certificate that a new connection is shown. */
async function shown(): Promise<string> {
  const socket = connectionOf(destination()) as TLSSocket;
  await once(socket, 'secureConnect');
  const { CN: name } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(name);
}
const reloads = async () =>
  Number(
    /^\d+\s+master\s+(\d+)/m.exec(await waitFor(() => ask(proxy.masterSocket, 'show proc').catch(() => null)))?.[1],
  );

describe('a listener over TLS', () => {
  it('is opened, and asked for its revision like any other', async () => {
    provide('shop', renewed('first'));
    await bring(secure('shop'));
    expect(await shown()).toBe('first');
  });

  it('shows another certificate as soon as its secret changes, without a reload and without a failed call', async () => {
    const load = startLoad({
      to: destination(),
      targets: [
        {
          name: 'shop',
          host: 'shop.test',
          line: 'GET /shop/x',
          revisions: ({ status, body }) => (status === 200 && body === 'upstream' ? ['one'] : null),
        },
      ],
      kept: 2,
      fresh: 2,
    });
    const before = await reloads();
    for (const subject of ['second', 'third', 'fourth', 'fifth']) {
      provide('shop', renewed(subject));
      await waitFor(async () => (await shown()) === subject);
    }
    const { calls, failed, wrong } = await load.stop();
    expect({ failed, wrong }).toEqual({ failed: [], wrong: [] });
    // An act that was not answered in time is made up for by a reload; none of the others takes one.
    expect((await reloads()) - before).toBeLessThan(2);
    expect(calls).toBeGreaterThan(20);
    const main = readFileSync(join(folder.path(), 'haproxy.cfg'), 'utf8');
    expect(main).not.toContain('PRIVATE KEY');
  });

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => {}, /none/],
    [
      'has the key of another',
      () => provide('wrong', { ...renewed('wrong'), key: certificateOf('bob').key }),
      /listener https: the private key in the secret "wrong" does not belong to the certificate/,
    ],
    [
      'has run out',
      () => provide('old', renewed('old', { from: new Date(Date.now() - 9 * day), until: new Date(Date.now() - day) })),
      /listener https: the certificate in the secret "old" expired on \d{4}-\d\d-\d\d/,
    ],
    [
      'is for another time',
      () => provide('early', renewed('early', { from: new Date(Date.now() + day) })),
      /listener https: the certificate in the secret "early" is not valid before/,
    ],
  ])('keeps what it shows when a new certificate %s', async (_what, prepare, message) => {
    const before = await shown();
    prepare();
    const name = /"(\w+)"/.exec(message.source)?.[1] ?? 'none';
    const generation = await platform.want(await platform.store([secure(name), shop()]));
    const { problems } = await platform.reported((reported) => {
      return reported.generation === generation && reported.problems.length > 0;
    });
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
    expect(await shown()).toBe(before);
  });

  it('that requires a certificate of its callers serves those, and still says to the agent what it runs', async () => {
    const api = apiUnit('shop', upstream.port, {
      policy: {
        auth: { kind: 'mtls', ca: [certificateOf('ca').certificate] },
        rateLimits: [],
        timeouts: { connectMs: 1000, requestMs: 5000 },
      },
    });
    const snapshot = await platform.store([secure('shop', { clientCertificates: 'require' }), api]);
    const generation = await platform.want(snapshot);
    await platform.reported(inSync(snapshot, generation));
    const answered = async (certificate?: 'alice' | 'mallory') => {
      const load = startLoad({
        to: { ...destination(), tls: { name: 'shop.test', ...(certificate && { certificate }) } },
        targets: [{ name: 'shop', host: 'shop.test', line: 'GET /shop/x', revisions: () => ['any'] }],
        kept: 1,
        fresh: 0,
      });
      await waitFor(() => load.result.calls > 0);
      const { seen } = await load.stop();
      return seen.size > 0;
    };
    expect([await answered('alice'), await answered('mallory'), await answered()]).toEqual([true, false, false]);
  });
});
