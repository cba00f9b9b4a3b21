import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tempDir, useHaproxy } from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aConsumer, aGateway, anApi, aPool, aShard, keyAuth } from '../testing/units.ts';
import { startWireUpstream, wireCall, type WireUpstream } from '../testing/wire.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let upstream: WireUpstream;
let port: number;

beforeAll(async () => {
  upstream = await startWireUpstream();
  const pools = [aPool('stable', 100, [upstream.port])];
  const timeouts = { connectMs: 500, requestMs: 2000 };
  const open = { auth: { kind: 'none' as const }, rateLimits: [], timeouts };
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    anApi('root', { pools, policy: open, route: { hosts: [], basePath: '/', keepBasePath: false } }),
    anApi('guarded', { pools, policy: { ...open, auth: keyAuth } }),
    aShard([aConsumer('acme', 'acme-key')]),
  ]);
});
afterAll(() => upstream.close());

const call = (line: string, ...headers: string[]) =>
  wireCall(port, [line, ...(headers.some((header) => /^host:/i.test(header)) ? [] : ['host: localhost']), ...headers]);

/** The head that the upstream got: its request line, then its header lines. */
async function passed(line: string, ...headers: string[]): Promise<string[]> {
  const before = upstream.heads.length;
  expect((await call(line, ...headers)).status).toBe(200);
  expect(upstream.heads).toHaveLength(before + 1);
  return upstream.heads.at(-1)!.split('\r\n');
}

async function refused(line: string, ...headers: string[]): Promise<string> {
  const before = upstream.heads.length;
  const { status, text } = await call(line, ...headers);
  expect(upstream.heads.slice(before)).toEqual([]);
  return `${status} ${/urn:gitway:problem:([a-z-]+)/.exec(text)?.[1] ?? ''}`.trim();
}

describe('HAProxy takes as a request target', () => {
  it('no tunnel and no echo', async () => {
    expect(await refused('CONNECT localhost:80 HTTP/1.1', 'host: localhost:80')).toBe('405 method-not-allowed');
    expect(await refused('CONNECT / HTTP/1.1')).toMatch(/^40[05]/);
    expect(await refused('TRACE / HTTP/1.1')).toBe('405 method-not-allowed');
  });

  it('no asterisk and no authority', async () => {
    expect(await refused('OPTIONS * HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET * HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET localhost:80 HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET x/y HTTP/1.1')).toMatch(/^400/);
  });

  it('a whole URL with the same host only, and sends its path on', async () => {
    expect((await passed('GET http://localhost/x?y=1 HTTP/1.1'))[0]).toBe('GET /x?y=1 HTTP/1.1');
    expect((await passed('GET http://localhost/ HTTP/1.1'))[0]).toBe('GET / HTTP/1.1');
    expect(await refused('GET http://other.example.com/x HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET http://localhost/guarded HTTP/1.1')).toBe('401 missing-key');
    expect(await refused('GET http://localhost/x/../guarded HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET ftp://localhost/x HTTP/1.1')).toMatch(/^400/);
    expect(await refused('GET / HTTP/1.1', 'host: localhost', 'host: other.example.com')).toMatch(/^400/);
  });
});

describe('HAProxy holds HTTP/2 to the same', () => {
  const ask = async (headers: Record<string, string>) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':authority': 'localhost', ...headers });
    const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
    session.destroy();
    return answer[':status'];
  };

  it('targets and headers', async () => {
    expect(await ask({ ':path': '/guarded/x?y=1', 'x-api-key': 'acme-key', x_gitway_consumer: 'forged' })).toBe(200);
    const head = upstream.heads.at(-1)!.split('\r\n');
    expect(head[0]).toBe('GET /x?y=1 HTTP/1.1');
    expect(head.filter((line) => /^host|gitway|forged/.test(line))).toEqual([
      'host: localhost',
      'x-gitway-consumer: acme',
    ]);
    expect(await ask({ ':path': '/x%20y;v=1//z?q=%7B{b}+c' })).toBe(200);
    expect(upstream.heads.at(-1)!.split('\r\n')[0]).toBe('GET /x%20y;v=1//z?q=%7B{b}+c HTTP/1.1');
    expect(await ask({ ':path': '/guarded' })).toBe(401);
    expect(await ask({ ':path': '/x/%2e%2e/guarded' })).toBe(400);
    expect(await ask({ ':path': '//guarded' })).toBe(400);
    expect(await ask({ ':path': '*', ':method': 'OPTIONS' })).toBe(400);
  });
});

describe('HAProxy drops headers with which a client speaks for the gateway', () => {
  it.each([
    'X-Gitway-Consumer',
    'X_Gitway_Consumer',
    'X-Gitway_Consumer',
    'X_Gitway-Consumer',
    'X.Gitway.Consumer',
    'x-gitway-anything',
    'X~Gitway+Consumer',
  ])('identity: %s', async (name) => {
    const head = await passed('GET /guarded HTTP/1.1', 'x-api-key: acme-key', `${name}: forged`);
    expect(head.filter((line) => /gitway|forged/i.test(line))).toEqual(['x-gitway-consumer: acme']);
    expect((await passed('GET /x HTTP/1.1', `${name}: forged`)).join()).not.toMatch(/gitway|forged/i);
  });

  it('where a call came from and where it was meant for', async () => {
    const names = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-Port', 'X_Forwarded_For'];
    names.push('X-Forwarded-Prefix', 'Forwarded', 'X-Real-IP', 'X_Real_IP', 'X-Original-URL', 'X-Rewrite-URL');
    const head = await passed('GET /x HTTP/1.1', ...names.map((name) => `${name}: forged`));
    expect(head.filter((line) => /forged|^x.forwarded|^x.real/i.test(line)).toSorted()).toEqual([
      'x-forwarded-for: 127.0.0.1',
      'x-forwarded-proto: http',
    ]);
  });

  it.each(['close, x-gitway-consumer', 'x-gitway-consumer', 'keep-alive, X-Forwarded-For', 'x-request-id'])(
    'which of our headers the next hop drops: Connection: %s',
    async (value) => {
      const head = await passed('GET /guarded HTTP/1.1', 'x-api-key: acme-key', `Connection: ${value}`);
      expect(head).toContain('x-gitway-consumer: acme');
      expect(head.filter((line) => /^connection: (?!close$|keep-alive$)/i.test(line))).toEqual([]);
    },
  );

  it('a change to another protocol than WebSocket', async () => {
    const settings = ['Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];
    settings.push('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Keep-Alive: timeout=5');
    for (const upgrade of [['h2c'], ['TLS/1.0'], ['websocket, h2c'], ['h2c', 'websocket']]) {
      const head = await passed('GET /x HTTP/1.1', ...settings, ...upgrade.map((value) => `Upgrade: ${value}`));
      expect(head.filter((line) => /^(connection|upgrade|http2-settings|keep-alive):/i.test(line))).toEqual([]);
    }
  });

  it('and lets a WebSocket through, with its frames', async () => {
    const shake = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', 'Upgrade: WebSocket'];
    const { status, text } = await wireCall(
      port,
      [
        'GET /guarded/socket HTTP/1.1',
        'host: localhost',
        'x-api-key: acme-key',
        'Connection: x-gitway-consumer, Upgrade',
        ...shake,
      ],
      [
        { send: 'first frame', until: 'first frame' },
        { send: 'second frame', until: 'second frame' },
      ],
    );
    expect(status).toBe(101);
    // The example of RFC 6455, 1.3.
    expect(text).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    const head = upstream.heads.at(-1)!.split('\r\n');
    expect(head[0]).toBe('GET /socket HTTP/1.1');
    expect(head).toContain('x-gitway-consumer: acme');
    expect(head.filter((line) => /^connection:/i.test(line)).map((line) => line.toLowerCase())).toEqual([
      'connection: upgrade',
    ]);
  });
});

describe('HAProxy takes the key out of the query', () => {
  it.each([
    ['?api_key=acme-key', ''],
    ['?x=1;api_key=acme-key', '?x=1'],
    ['?api_key=acme-key;x=1', '?x=1'],
    ['?x=1;api_key=acme-key;y=2', '?x=1;y=2'],
    ['?x=1&api_key=acme-key&y=2', '?x=1&y=2'],
    ['?api_key=acme-key&api_key=acme-key', ''],
    ['?api_key=acme-key&x=1&api_key=other;api_key=', '?x=1'],
    ['?my_api_key=1&api_key=acme-key&api_keys=2', '?my_api_key=1&api_keys=2'],
    ['?x=%20%26api_key=1&api_key=acme-key&y=a+b%3D{c}', '?x=%20%26api_key=1&y=a+b%3D{c}'],
  ])('%s', async (query, left) => {
    expect((await passed(`GET /guarded/x${query} HTTP/1.1`))[0]).toBe(`GET /x${left} HTTP/1.1`);
  });

  it('even where another way to send a key was used', async () => {
    const head = await passed('GET /guarded/x?api_key=&x=1&api_key=acme-key HTTP/1.1', 'x-api-key: acme-key');
    expect(head[0]).toBe('GET /x?x=1 HTTP/1.1');
  });

  it('and touches no query without one', async () => {
    for (const query of ['?', '?x=1', '?&x', '']) {
      const head = await passed(`GET /guarded/x${query} HTTP/1.1`, 'x-api-key: acme-key');
      expect(head[0]).toBe(`GET /x${query} HTTP/1.1`);
    }
  });
});
