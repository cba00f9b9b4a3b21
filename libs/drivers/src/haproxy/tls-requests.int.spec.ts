import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, tempDir, useHaproxy } from '@gitway/testing';
import { certificateOf } from '../conformance/testing/certificates.ts';
import { wireCall } from '../conformance/testing/http1-client.ts';
import { rawHttp2Call, type RawHeader } from '../testing/raw-http2.ts';
import { startGateway } from '../testing/start-gateway.ts';
import { aGateway, anApi, aPool } from '../testing/units.ts';
import { startWireUpstream, type WireUpstream } from '../testing/wire.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let upstream: WireUpstream;
let port: number;

const { certificate, key } = certificateOf('gateway');
const tls = {
  certificates: [{ certificate: { pem: certificate }, key: { secret: 'key' } }],
  minVersion: '1.2' as const,
};

beforeAll(async () => {
  upstream = await startWireUpstream();
  port = await freePort();
  const pools = [aPool('stable', 100, [upstream.port])];
  const at = (name: string, host: string) =>
    anApi(name, { pools, route: { hosts: [host], basePath: '/', keepBasePath: true } });
  const listeners = [
    { name: 'http', protocol: 'http' as const, port: 80 },
    { name: 'https', protocol: 'https' as const, port: 443, tls },
  ];
  const plain = await freePort();
  const addresses = { http: `127.0.0.1:${plain}`, https: `127.0.0.1:${port}` };
  await startGateway(
    haproxy,
    folder.path(),
    [{ ...aGateway, listeners }, at('shop', 'shop.test'), at('bank', 'bank.test')],
    {
      listeners: addresses,
      provided: { version: '1', secrets: new Map([['key', key]]), keySets: new Map() },
    },
  );
}, 60_000);
afterAll(() => upstream.close());

async function handshake(options: ConnectionOptions): Promise<TLSSocket | string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  try {
    await once(socket, 'secureConnect');
    return socket;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}
const agreed = async (options: ConnectionOptions) => {
  const socket = await handshake(options);
  return typeof socket === 'string' ? socket : [socket.getProtocol(), socket.alpnProtocol];
};

describe('a handshake', () => {
  it.each<[string, ConnectionOptions, unknown]>([
    ['chooses HTTP/2 where both are offered', { ALPNProtocols: ['http/1.1', 'h2'] }, ['TLSv1.3', 'h2']],
    ['takes HTTP/1.1', { ALPNProtocols: ['http/1.1'], maxVersion: 'TLSv1.2' }, ['TLSv1.2', 'http/1.1']],
    ['needs no ALPN', {}, ['TLSv1.3', false]],
    ['takes a name that no certificate is for', { servername: 'nobody.example' }, ['TLSv1.3', false]],
  ])('%s', async (_what, options, expected) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    expect([socket.getProtocol(), socket.alpnProtocol]).toEqual(expected);
    socket.destroy();
  });

  it('ends where a client knows only what is too old or too weak', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:AES128-SHA:@SECLEVEL=0' } as const;
    expect([await agreed(old), await agreed(weak)]).toEqual([expect.stringMatching(/^E/), expect.stringMatching(/^E/)]);
  });
});

const request = (change: Record<string, string> = {}): RawHeader[] =>
  Object.entries({ ':method': 'GET', ':scheme': 'https', ':path': '/x', ':authority': 'shop.test', ...change });
const seen = () => upstream.heads.splice(0);

describe('over HTTP/2', () => {
  it('the authority says whose API it is, whatever `host` says beside it', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    seen();
    const stream = session.request({ ':path': '/x', ':authority': 'shop.test', host: 'bank.test' });
    const [{ ':status': status }] = (await once(stream, 'response')) as [{ ':status': number }];
    session.destroy();
    const heads = seen();
    expect(status === 400 ? [] : heads.map((head) => /^host: (.*)$/im.exec(head)?.[1])).toEqual(
      status === 400 ? [] : ['shop.test'],
    );
  });

  it.each<[string, RawHeader[], string?]>([
    ['a line end in a value', [...request(), ['x-a', 'b\r\nx-gitway-consumer: admin']]],
    ['a line end in a name', [...request(), ['x-a: b\r\nx-gitway-consumer', 'admin']]],
    ['a bare line feed in a value', [...request(), ['x-a', 'b\nx-gitway-consumer: admin']]],
    ['a request line in the path', request({ ':path': '/x HTTP/1.1\r\nx-gitway-consumer: admin\r\nx:' })],
    ['a space in the path', request({ ':path': '/x y' })],
    [
      'a request line in the method',
      request({ ':method': 'GET /admin HTTP/1.1\r\nx-gitway-consumer: admin\r\n\r\nGET' }),
    ],
    ['a line end in the authority', request({ ':authority': 'shop.test\r\nx-gitway-consumer: admin' })],
    ['a path in the authority', request({ ':authority': 'shop.test/admin' })],
    ['no path', request().filter(([name]) => name !== ':path')],
    ['an empty path', request({ ':path': '' })],
    ['a path that is none', request({ ':path': 'x' })],
    ['two paths', [...request(), [':path', '/admin']]],
    ['a pseudo header that does not exist', [...request(), [':consumer', 'admin']]],
    ['a pseudo header behind a header', [['x-a', 'b'], ...request()]],
    ['an answer’s pseudo header', [...request(), [':status', '200']]],
    ['a name in capitals', [...request(), ['X-A', 'b']]],
    ['two lengths', [...request({ ':method': 'POST' }), ['content-length', '1'], ['content-length', '2']], 'ab'],
    [
      'a length below that of the body',
      [...request({ ':method': 'POST' }), ['content-length', '1']],
      'aGET /admin HTTP/1.1\r\n\r\n',
    ],
    [
      'chunks',
      [...request({ ':method': 'POST' }), ['transfer-encoding', 'chunked']],
      '0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n',
    ],
    [
      'a tunnel',
      [
        [':method', 'CONNECT'],
        [':authority', 'shop.test'],
      ],
    ],
    ['a header of the connection', [...request(), ['connection', 'x-request-id']]],
  ])('%s brings nothing to the upstream that was not asked for', async (_what, headers, ...[body]) => {
    seen();
    await rawHttp2Call(port, headers, body);
    // Had it been let through, it would be here before the next one on any connection.
    await rawHttp2Call(port, request({ ':path': '/after' }));
    const heads = seen();
    expect(heads.at(-1)).toMatch(/^GET \/after HTTP\/1\.1\r\n/);
    const others = heads.slice(0, -1).join('\n');
    expect(others).not.toMatch(/admin|x-gitway-consumer|^transfer-encoding: chunked\r\n[^]*^content-length/im);
    expect(heads.length).toBeLessThanOrEqual(2);
  });

  it('a plain request does arrive, so that silence says something', async () => {
    seen();
    expect(await rawHttp2Call(port, request())).toBe('answered');
    expect(seen()).toHaveLength(1);
  });
});

describe('over TLS and HTTP/1.1', () => {
  const head = ['POST /x HTTP/1.1', 'host: shop.test'];
  it.each([
    [
      'a length and chunks',
      [...head, 'content-length: 5', 'transfer-encoding: chunked'],
      '0\r\n\r\nGET /admin HTTP/1.1\r\nhost: shop.test\r\n\r\n',
    ],
    [
      'two lengths',
      [...head, 'content-length: 1', 'content-length: 50'],
      'aGET /admin HTTP/1.1\r\nhost: shop.test\r\n\r\n',
    ],
    [
      'chunks in odd words',
      [...head, 'transfer-encoding: xchunked'],
      '0\r\n\r\nGET /admin HTTP/1.1\r\nhost: bank.test\r\n\r\n',
    ],
    ['a space before the colon', [...head, 'transfer-encoding : chunked'], '0\r\n\r\n'],
  ])('%s brings no part of another request', async (_what, lines, rest) => {
    seen();
    const bytes = `${lines.join('\r\n')}\r\n\r\n${rest}`;
    const to = { host: '127.0.0.1', port, tls: { name: 'shop.test' } };
    await wireCall({ ...to, bytes, method: 'POST', end: true }).catch(() => null);
    // The upstream of this spec reads a body as a head of its own.
    const heads = seen().filter((one) => / HTTP\/1\.1\r\n/.test(one));
    for (const one of heads) {
      const [length, chunks] = [/^content-length:/im.test(one), /^transfer-encoding:/im.test(one)];
      expect(length && chunks).toBe(false);
    }
    // What follows a whole request is a request of its own, with rules of its own: never part of another.
    for (const one of heads.slice(1)) expect(one).toMatch(/^x-forwarded-proto: https$/im);
  });
});
