import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthMethod, AuthPolicy } from '@gitway/contracts';
import {
  httpCall,
  startTestUpstream as startUpstream,
  tempDir,
  type TestUpstream as Upstream,
  useHaproxy,
} from '@gitway/testing';
import { startGateway } from '../../../testing/start-gateway.ts';
import { secondsFromNow } from '../../../testing/tokens.ts';
import { aConsumer, aGateway, anApi, aPlan, aPool, aShard, keyAuth, policyOf } from '../../../testing/units.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const SECRET = 's:e/c%r é"t';

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
let asked: Asked[] = [];
let answer: (request: Asked, response: ServerResponse) => void;
let server: Server;
let upstream: Upstream;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body };
      asked.push(one);
      answer(one, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream = await startUpstream('up');
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const introspection: Extract<AuthMethod, { kind: 'introspection' }> = {
    kind: 'introspection',
    url: `${at}/introspect?realm='x'&y=%20`,
    clientId: 'gate:way',
    clientSecret: { secret: 'client' },
    cacheForMs: 60_000,
    consumerClaim: 'client_id',
  };
  const forward: AuthMethod = {
    kind: 'forward',
    url: `${at}/decide`,
    timeoutMs: 300,
    sendHeaders: ['Cookie', 'X-Twice'],
    takeHeaders: ['X-User'],
  };
  const api = (name: string, auth: AuthPolicy) =>
    anApi(name, { pools: [aPool('stable', 100, [upstream.port])], policy: policyOf({ auth }) });
  port = await startGateway(
    haproxy,
    folder.path(),
    [
      aGateway,
      api('opaque', introspection),
      api('fresh', { ...introspection, cacheForMs: 0 }),
      api('scoped', { ...introspection, scopes: ['admin'], cacheForMs: 0 }),
      { ...api('planned', { ...introspection, cacheForMs: 0 }), plans: ['gold'] },
      api('unreachable', { ...introspection, url: 'http://127.0.0.1:1/' }),
      api('forward', forward),
      api('either', { kind: 'anyOf', methods: [keyAuth, { ...forward, url: `${at}/either` }] }),
      api('bare', { ...forward, sendHeaders: [], takeHeaders: [] }),
      api('both', { kind: 'allOf', methods: [keyAuth, forward] }),
      aPlan('gold'),
      aShard([
        aConsumer('acme', 'acme-key', {
          plans: ['gold'],
          jwt: [{ issuer: introspection.url, claim: 'client_id', value: 'acme-app' }],
        }),
      ]),
    ],
    { provided: { version: '1', secrets: new Map([['client', SECRET]]), keySets: new Map() } },
  );
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await upstream.close();
});
beforeEach(() => {
  asked = [];
});

const active = (more: Record<string, unknown> = {}) => {
  answer = (_request, response) => response.end(JSON.stringify({ active: true, client_id: 'acme-app', ...more }));
};
const status = (code: number, headers: Record<string, string> = {}, body = '') => {
  answer = (_request, response) => response.writeHead(code, headers).end(body);
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
async function ask(path: string, headers: Record<string, string> = {}) {
  const { status: code, body, headers: got } = await httpCall(port, path, headers);
  const why = code >= 400 ? (JSON.parse(body) as { type: string }).type.replace('urn:gitway:problem:', '') : 'ok';
  return { answer: `${code} ${why}`, challenge: got['www-authenticate'] };
}
const sent = () => upstream.seen.at(-1)?.headers ?? {};

describe('a token that the issuer is asked about', () => {
  it('is let in with its consumer, and taken out; the gateway shows its own credential', async () => {
    active();
    expect((await ask('/opaque', bearer('a+b&c=d%'))).answer).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-gitway-consumer': 'acme' });
    expect(sent()).not.toHaveProperty('authorization');
    const [{ path, headers, body }] = asked as [Asked];
    expect(path).toBe("/introspect?realm='x'&y=%20");
    expect(new URLSearchParams(body).get('token')).toBe('a+b&c=d%');
    const [user, password] = Buffer.from(headers.authorization?.slice(6) ?? '', 'base64')
      .toString()
      .split(':');
    expect([user, password].map((text) => decodeURIComponent(text ?? ''))).toEqual(['gate:way', SECRET]);
  });

  it('is asked about once while the answer counts, and each time where none does', async () => {
    active();
    for (let time = 0; time < 3; time += 1) expect((await ask('/opaque', bearer('kept'))).answer).toBe('200 ok');
    expect(asked).toHaveLength(1);
    for (let time = 0; time < 3; time += 1) expect((await ask('/fresh', bearer('kept'))).answer).toBe('200 ok');
    expect(asked).toHaveLength(4);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['that is not active', { active: false }, '401 token-inactive'],
    ['that is active in words', { active: 'yes' }, '401 token-inactive'],
    ['that has expired', { exp: secondsFromNow(-5) }, '401 token-expired'],
    ['of a client that is no consumer', { client_id: 'other' }, '200 ok'],
  ])('%s', async (_what, more, expected) => {
    active(more);
    expect((await ask('/fresh', bearer('x'))).answer).toBe(expected);
    if (more['client_id'] !== undefined) expect(sent()).not.toHaveProperty('x-gitway-consumer');
  });

  it('needs the plan, and the scopes', async () => {
    active();
    expect((await ask('/planned', bearer('x'))).answer).toBe('200 ok');
    expect((await ask('/scoped', bearer('x'))).answer).toBe('403 insufficient-scope');
    active({ client_id: 'other', scope: 'read admin' });
    expect((await ask('/planned', bearer('x'))).answer).toBe('403 not-entitled');
    expect((await ask('/scoped', bearer('x'))).answer).toBe('200 ok');
  });

  it('lets nobody in when the issuer cannot say', async () => {
    status(500);
    expect((await ask('/fresh', bearer('x'))).answer).toBe('503 no-authorisation');
    status(200, {}, '<html>');
    expect((await ask('/fresh', bearer('x'))).answer).toBe('401 token-inactive');
    expect((await ask('/unreachable', bearer('x'))).answer).toBe('503 no-authorisation');
    expect(asked).toHaveLength(2);
    expect((await ask('/fresh')).answer).toBe('401 missing-token');
    expect(asked).toHaveLength(2);
  });

  it('does not take the answer about another', async () => {
    answer = ({ body }, response) => response.end(JSON.stringify({ active: body.includes('good') }));
    expect((await ask('/opaque', bearer('good'))).answer).toBe('200 ok');
    expect((await ask('/opaque', bearer('goo'))).answer).toBe('401 token-inactive');
  });
});

describe('somebody else who decides', () => {
  it('is told of the call, and says who calls; a client cannot', async () => {
    status(204, { 'x-user': 'ann', 'x-other': 'not taken' });
    const headers = { cookie: 'a=1', 'x-user': 'forged', 'x-secret': 's', host: 'h.test' };
    expect((await ask('/forward/a%20b?c=d', headers)).answer).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-user': 'ann', cookie: 'a=1' });
    expect(sent()).not.toHaveProperty('x-other');
    const [{ headers: told, path }] = asked as [Asked];
    expect(path).toBe('/decide');
    expect(told).toMatchObject({
      cookie: 'a=1',
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': '/forward/a%20b?c=d',
      'x-forwarded-host': 'h.test',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(told).not.toHaveProperty('x-secret');
    status(204);
    expect((await ask('/forward', headers)).answer).toBe('200 ok');
    expect(sent()).not.toHaveProperty('x-user');
  });

  it.each<[number, string]>([
    [200, '200 ok'],
    [302, '503 no-authorisation'],
    [403, '403 not-authorised'],
    [404, '403 not-authorised'],
    [500, '503 no-authorisation'],
  ])('with %d', async (code, expected) => {
    status(code, { location: '/' });
    expect((await ask('/forward')).answer).toBe(expected);
  });

  it('with no headers to send and none to take', async () => {
    status(200, { 'x-user': 'ann' });
    expect((await ask('/bare', { cookie: 'a=1', 'x-user': 'own' })).answer).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-user': 'own' });
    expect(asked[0]?.headers).not.toHaveProperty('cookie');
  });

  it('passes its challenge on with 401', async () => {
    status(401, { 'www-authenticate': 'Digest realm="x"' });
    expect(await ask('/forward')).toEqual({ answer: '401 not-authenticated', challenge: 'Digest realm="x"' });
    status(401);
    expect(await ask('/forward')).toEqual({ answer: '401 not-authenticated', challenge: 'Bearer realm="forward"' });
  });

  it('lets nobody in by saying nothing in time', async () => {
    answer = () => {};
    expect((await ask('/forward')).answer).toBe('503 no-authorisation');
  });

  it('is one of several ways', async () => {
    status(403);
    expect((await ask('/either', { 'x-api-key': 'acme-key', 'x-user': 'forged' })).answer).toBe('200 ok');
    // Another call that nobody waits for any more may still be tried again.
    expect(asked.filter(({ path }) => path === '/either')).toHaveLength(0);
    expect(sent()).not.toHaveProperty('x-user');
    expect((await ask('/either')).answer).toBe('403 not-authorised');
    expect((await ask('/both', { 'x-api-key': 'acme-key' })).answer).toBe('403 not-authorised');
    status(200, { 'x-user': 'ann' });
    expect((await ask('/either')).answer).toBe('200 ok');
    expect((await ask('/both')).answer).toBe('401 missing-key');
    expect((await ask('/both', { 'x-api-key': 'acme-key' })).answer).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-user': 'ann', 'x-gitway-consumer': 'acme' });
  });
});
