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
  const guarded = { ...open, auth: keyAuth };
  const at = (basePath: string, hosts: string[] = []) => ({ hosts, basePath, keepBasePath: true });
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    anApi('root', { pools, policy: open, route: at('/') }),
    anApi('a', { pools, policy: open, route: at('/a') }),
    anApi('secret', { pools, policy: guarded, route: at('/a/secret') }),
    anApi('hosted', { pools, policy: open, route: at('/a', ['api.example.com']) }),
    anApi('hosted-secret', { pools, policy: guarded, route: at('/a/Hidden', ['api.example.com']) }),
    aShard([aConsumer('acme', 'acme-key')]),
  ]);
});
afterAll(() => upstream.close());

const get = (path: string, host = 'localhost', ...headers: string[]) =>
  wireCall(port, [`GET ${path} HTTP/1.1`, `host: ${host}`, 'connection: close', ...headers]);

async function refused(path: string, host?: string) {
  const before = upstream.heads.length;
  const { status, text } = await get(path, host);
  expect(upstream.heads.slice(before)).toEqual([]);
  expect(status).toBe(400);
  return text;
}

describe('HAProxy refuses a path that an upstream could read as the path of another API', () => {
  it.each([
    '/a/%73ecret/x',
    '/a/%73%65%63%72%65%74',
    '/a//secret/x',
    '/a///secret',
    '/a/;/secret',
    '/a/;v=1/secret',
    '/a/secret;x/y',
    '/a/secret;',
    '/a/secret%3bx/y',
    '/a/secret%3Fx',
    '/a/secret%23x',
    '/a/secret%2fx',
    '/a/secret%2F',
    '/a/%2fsecret',
    '/a%2fsecret',
    '/a;v=1/secret',
    '//a/secret',
    '/;/a/secret/x',
    '/%61/secret',
  ])('routed elsewhere when normalised: %s', async (path) => {
    expect(await refused(path)).toMatch(/content-type: application\/problem\+json/i);
  });

  it.each([
    '/a/x/..;/secret',
    '/a/x/..;v=1/secret',
    '/a/.;/secret',
    '/a/x/..%3b/secret',
    '/a/x/%2e%2e;/secret',
    '/a/x/%252e%252e/secret',
    '/a/x/%252E%252E%252fsecret',
    '/a/%2573ecret',
    '/a/%25%37%33ecret',
    '/a/x%5c..%5csecret',
    '/a\\secret',
    '/a/;\\secret',
    '/a/;x%5csecret',
    '/a/%3f\\../secret',
    '/a/x/%3f/..%2f../secret',
    '/a/x/%23/%2e%2e/%2e%2e/secret',
    '/a/%zz/../secret',
    '/a/%zz/%73ecret',
    '/a/%u0073ecret',
    '/a/%',
    '/a/x%c0%ae%c0%ae/secret',
    '/a%c0%afsecret',
    // Parameters cut before decoding leave /a/secret, after decoding /a/x/secret.
    '/a/;%2fx/secret',
    '/a/;%3fx/secret',
    '/a/%3b%2Fx/secret',
    '/a/secret#x',
  ])('never sound: %s', async (path) => {
    await refused(path);
  });

  it('on a host of its own as well', async () => {
    await refused('/a/Hidden;x', 'api.example.com');
    await refused('/a//Hidden', 'API.example.com');
    expect((await get('/a//secret', 'api.example.com')).status).toBe(200);
  });
});

describe('HAProxy passes, unchanged, an odd path that stays within its API', () => {
  it.each([
    '/a/pets/x%20y',
    '/a/pets/x+y',
    '/a/files/a;v=1',
    '/a/files/a;v=1/b;w=2,3',
    '/a//x',
    '/a/x//',
    '/a/x/',
    '/a/url/https%3A%2F%2Fexample.com%2Fx',
    '/a/caf%C3%A9',
    '/a/100%25',
    '/a/x%3Fy%23z',
    '/a/x%0ay',
    '/a/secrets',
    '/a/x/..y/...',
    '/a/%41bc',
    '/a/x?path=/../%2e%2e/;//&zz=%zz',
    '//x',
    '/b;v=1',
  ])('%s', async (path) => {
    expect((await get(path)).status).toBe(200);
    expect(upstream.heads.at(-1)!.split('\r\n')[0]).toBe(`GET ${path} HTTP/1.1`);
  });

  it('and asks the key of the API it is in', async () => {
    for (const path of ['/a/secret/x%20y', '/a/secret/x;v=1', '/a/secret//x']) {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, 'localhost', 'x-api-key: acme-key')).status).toBe(200);
    }
  });
});
