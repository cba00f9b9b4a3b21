import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '@gitway/contracts';
import { httpCall, tempDir, useHaproxy, waitFor } from '@gitway/testing';
import { certificateOf } from '../../conformance/testing/certificates.ts';
import { nothingProvided } from '../../driver.ts';
import { startGateway } from '../../testing/start-gateway.ts';
import { aGateway, anApi, aPool, policyOf, stored, aContext } from '../../testing/units.ts';
import { haproxy as driver } from '../driver.ts';
import { ADMIN_SOCKET } from '../names.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const servers: Server[] = [];
let names: Socket;
/** What the name server says of `pets.test`. */
let address = '127.0.0.1';
let port: number;
let targetPort: number;

/** Answers A queries with the address, and knows of no others (RFC 1035, 4.1). */
function answered(query: Buffer): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const isA = query.readUInt16BE(end - 4) === 1;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([head, query.subarray(12, end), ...(isA ? [record] : [])]);
}

async function listen(host: string, at: number): Promise<number> {
  const server = createServer((_asked, answer) => answer.end(host));
  server.keepAliveTimeout = 0;
  servers.push(server.listen(at, host));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const target = (host: string, scheme: 'http' | 'https' = 'http') => ({ scheme, host, port: targetPort, weight: 1 });
const secured: Pool = {
  ...aPool('stable', 100, [9]),
  targets: [{ scheme: 'https', host: '127.0.0.1', port: 9, weight: 1 }],
  protocol: 'http2',
  maxConnections: 3,
  slowStartMs: 1000,
  tls: {
    verify: true,
    serverName: 'upstream.test',
    ca: [certificateOf('ca').certificate],
    clientCertificate: { secret: 'ours' },
  },
};
const circuitBreaker = { failures: 3, on: ['connect-failure' as const, '5xx' as const], openForMs: 60_000 };
const healthCheck = { path: '/h', intervalMs: 30_000, unhealthyAfter: 2, healthyAfter: 2 };
const units = () => [
  aGateway,
  anApi('named', {
    pools: [{ ...aPool('stable', 100, []), targets: [target('pets.test')], resolveEveryMs: 200 }],
  }),
  anApi('secured', { pools: [secured], policy: policyOf({ circuitBreaker }) }),
  anApi('checked', { pools: [{ ...secured, healthCheck }], policy: policyOf({ circuitBreaker }) }),
];
const provided = () => {
  const { certificate, key } = certificateOf('alice');
  return { ...nothingProvided, version: '1', secrets: new Map([['ours', `${certificate}\n${key}`]]) };
};

beforeAll(async () => {
  names = createSocket('udp4');
  names.on('message', (query, { port: from, address: to }) => names.send(answered(query), from, to));
  names.bind(0, '127.0.0.1');
  await once(names, 'listening');
  targetPort = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', targetPort);
  // The name servers of the machine are not ours to answer for.
  const own = `nameserver own 127.0.0.1:${names.address().port}`;
  const edit = (text: string) => text.replaceAll('parse-resolv-conf', own);
  port = await startGateway(haproxy, folder.path(), units(), { provided: provided() }, edit);
});
afterAll(() => {
  names.close();
  for (const server of servers) server.close();
});

async function ask(command: string): Promise<string> {
  const socket = connect(join(folder.path(), ADMIN_SOCKET));
  let text = '';
  socket.on('data', (piece) => (text += piece.toString()));
  socket.end(`${command}\n`);
  await once(socket, 'close');
  return text.trim();
}

describe('a target by name', () => {
  it('is followed to another address, and kept when the name server says nothing', async () => {
    const answers = async () => (await httpCall(port, '/named/x')).body;
    await waitFor(async () => (await answers()) === '127.0.0.1');
    address = '127.0.0.2';
    await waitFor(async () => (await answers()) === '127.0.0.2');
    let asked = 0;
    names.removeAllListeners('message').on('message', () => (asked += 1));
    await waitFor(() => Promise.resolve(asked >= 6));
    expect(await answers()).toBe('127.0.0.2');
  });
});

describe('what a server line says', () => {
  it('may be said of a server that is added while HAProxy runs', async () => {
    const { servers: expected } = driver.render(
      stored(units()),
      aContext({ dir: folder.path(), provided: provided() }),
    ).expected;
    const backends = driver.render(stored(units()), aContext({ provided: provided() })).image.backends;
    expect(expected).toHaveLength(3);
    for (const name of ['secured.stable', 'checked.stable']) {
      const [server] = backends.get(name)?.servers ?? [];
      expect(server?.fixed).toBe(false);
      expect(await ask(`add server ${name}/more 127.0.0.1:9 ${server?.settings}`)).toBe('New server registered.');
    }
  });
});
