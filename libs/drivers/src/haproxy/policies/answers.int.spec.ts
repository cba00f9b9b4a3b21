import type { EffectivePolicy } from '@gitway/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpCall, tempDir, useHaproxy } from '@gitway/testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startGateway } from '../../testing/start-gateway.ts';
import { aGateway, anApi, aPool, policyOf } from '../../testing/units.ts';
import { wireCall } from '../../testing/wire.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let server: Server;
let port = 0;
const asked: string[] = [];

const cors = (origin: string): EffectivePolicy['cors'] => ({
  origins: [origin],
  methods: ['GET'],
  headers: [],
  exposeHeaders: [],
  credentials: false,
  maxAgeMs: 1000,
});
const text = `it's "50%" %[src] $HOME #x \\ {a}`;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const said = new URL(request.url ?? '/', 'http://x').searchParams.get('cache-control');
    if (said !== null) response.setHeader('cache-control', said);
    response.end('fresh');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pools = [aPool('stable', 100, [(server.address() as AddressInfo).port])];
  const api = (name: string, policy: Partial<EffectivePolicy>, operations: [string, string][] = []) =>
    anApi(name, {
      pools,
      operations: operations.map(([id, method]) => ({ id, method, path: '/x' })),
      policy: policyOf(policy),
    });
  const cache = { ttlMs: 60_000, methods: ['GET' as const], statuses: [200], vary: [], maxBodyBytes: 1000 };
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    api(
      'asked',
      { operations: { put: { cors: cors('https://put.test') }, read: { cors: cors('https://read.test') } } },
      [
        ['read', 'GET'],
        ['put', 'PUT'],
        ['drop', 'DELETE'],
      ],
    ),
    api('closed', { maintenance: { status: 503, message: text, allow: [] } }),
    api('closed-text', { maintenance: { status: 500, message: text, allow: [] }, errors: { format: 'text' } }),
    api('typed', {
      allow: { methods: ['GET'] },
      errors: { format: 'problem+json', typeBase: `https://e.test/it's%20"/` },
    }),
    api('measured', { request: { bodyBytes: 100 } }),
    api('large', { request: { bodyBytes: 1_000_000 } }),
    api('param', { threatProtection: { deny: [{ in: 'query', name: 'q', pattern: '^evil' }] } }),
    api('anywhere', { threatProtection: { deny: [{ in: 'header', pattern: 'evil' }] } }),
    api('looped', { threatProtection: { deny: [{ in: 'query', pattern: 'a+b' }] } }),
    api('kept', { cache }),
    api('moved', { redirects: [{ from: '/{id}', to: '/new/{id}?from=old', status: 302 }] }),
    api('signed', { headers: { response: { set: { 'x-text': text, 'x-empty': '' } } }, ip: { deny: ['127.0.0.0/8'] } }),
  ]);
});
afterAll(() => void server.close());

const preflight = (method: string, origin: string) =>
  httpCall(port, '/asked/x', { origin, 'access-control-request-method': method }, 'OPTIONS');

describe('answers of the gateway', () => {
  it('tell a preflight about the operation that it asks for', async () => {
    expect((await preflight('PUT', 'https://put.test')).headers['access-control-allow-origin']).toBe(
      'https://put.test',
    );
    expect((await preflight('PUT', 'https://read.test')).status).toBe(403);
    expect((await preflight('GET', 'https://read.test')).status).toBe(204);
    const before = asked.length;
    expect((await preflight('DELETE', 'https://read.test')).status).toBe(200);
    expect(asked.slice(before)).toEqual(['OPTIONS /x']);
  });

  it('say what a user says, letter by letter', async () => {
    const closed = await httpCall(port, '/closed/x');
    expect([closed.status, (JSON.parse(closed.body) as { detail: string }).detail]).toEqual([503, text]);
    const plain = await httpCall(port, '/closed-text/x');
    expect([plain.status, plain.headers['content-type']]).toEqual([500, 'text/plain; charset=utf-8']);
    expect(plain.body.startsWith(`${text} (request `)).toBe(true);
    const typed = await httpCall(port, '/typed/x', {}, 'POST');
    expect([typed.status, typed.headers['allow']]).toEqual([405, 'GET']);
    expect((JSON.parse(typed.body) as { type: string }).type).toBe(`https://e.test/it's%20"/method-not-allowed`);
    const signed = await httpCall(port, '/signed/x');
    expect([signed.status, signed.headers['x-text'], signed.headers['x-empty']]).toEqual([403, text, '']);
  });

  it('keep what may be kept, and redirect without the query', async () => {
    const moved = await httpCall(port, '/moved/a%20b?key=secret');
    expect([moved.status, moved.headers.location]).toEqual([302, '/new/a%20b?from=old']);
    await httpCall(port, '/kept/private?cache-control=private');
    await httpCall(port, '/kept/private?cache-control=private');
    const first = await httpCall(port, '/kept/x');
    const second = await httpCall(port, '/kept/x');
    expect(asked.filter((line) => line.startsWith('GET /private'))).toHaveLength(2);
    expect(asked.filter((line) => line === 'GET /x')).toHaveLength(1);
    expect([second.body, first.headers['cache-control'], second.headers['cache-control']]).toEqual([
      'fresh',
      undefined,
      undefined,
    ]);
  });
});

describe('requests that are refused', () => {
  /** The body goes along with the head: an answer comes whether or not it was waited for. */
  const chunked = async (path: string, size: number) => {
    const body = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0`;
    const head = [`POST ${path} HTTP/1.1`, 'Host: a', 'Connection: close', 'Transfer-Encoding: chunked', '', body];
    return (await wireCall(port, head)).status;
  };

  it('by the size of a body, also where nothing says it', async () => {
    expect(await chunked('/measured/x', 100)).toBe(200);
    expect(await chunked('/measured/x', 101)).toBe(413);
    expect(await chunked('/large/x', 1)).toBe(411);
  });

  it('by a pattern, wherever the parameter hides', async () => {
    const status = async (path: string) => (await httpCall(port, path)).status;
    expect(await status('/param/x?q=good&p=evil')).toBe(200);
    expect(await status('/param/x?q=evil')).toBe(403);
    expect(await status('/param/x?p=1&q=%65vil')).toBe(403);
    expect(await status('/param/x?q=good&q=evil')).toBe(400);
    expect(await status('/param/x?p=good;q=evil')).toBe(403);
    expect(await status('/param/x?%71=evil')).toBe(400);
    expect(await status('/param/x?q=%20')).toBe(200);
    expect((await httpCall(port, '/anywhere/x', { 'x-any': 'so evil' })).status).toBe(403);
    expect(await status(`/looped/x?${'a'.repeat(2048)}`)).toBe(200);
    expect(await status(`/looped/x?${'a'.repeat(2049)}`)).toBe(414);
  });
});
