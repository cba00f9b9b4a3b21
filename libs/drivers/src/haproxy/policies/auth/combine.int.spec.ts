import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiUnit, AuthMethod, AuthPolicy } from '@gitway/contracts';
import {
  httpCall,
  startTestUpstream as startUpstream,
  tempDir,
  type TestUpstream as Upstream,
  useHaproxy,
} from '@gitway/testing';
import type { Provided } from '../../../driver.ts';
import { startGateway } from '../../../testing/start-gateway.ts';
import { aToken, goodClaims, ISSUER, jwtAuth, pemOf, rsaKeys } from '../../../testing/tokens.ts';
import {
  aConsumer,
  aGateway,
  anApi,
  aPlan,
  aPool,
  aShard,
  keyAuth,
  keyHash,
  policyOf,
} from '../../../testing/units.ts';
import { wireCall } from '../../../testing/wire.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const keys = rsaKeys();
const provided: Provided = {
  version: '1',
  secrets: new Map(),
  keySets: new Map([
    ['https://id.example.com/jwks', [{ id: 'one', algorithm: null, key: { pem: pemOf(keys.publicKey) } }]],
  ]),
};
const basicAuth: AuthMethod = { kind: 'basic', realm: 'Pets "and" more %[src]' };
const jwt = jwtAuth();
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const passwd = (password: string, salt: string) =>
  execFileSync('openssl', ['passwd', '-6', '-salt', salt, password]).toString().trim();

let upstream: Upstream;
let port: number;

beforeAll(async () => {
  upstream = await startUpstream('up');
  const api = (name: string, auth: AuthPolicy, change: Partial<ApiUnit> = {}) =>
    anApi(name, { pools: [aPool('stable', 100, [upstream.port])], policy: policyOf({ auth }), ...change });
  const admin = jwtAuth({ scopes: ['admin'] });
  port = await startGateway(
    haproxy,
    folder.path(),
    [
      aGateway,
      api('key', keyAuth),
      api('basic', basicAuth),
      api('any', { kind: 'anyOf', methods: [keyAuth, jwt, basicAuth] }),
      api('all', { kind: 'allOf', methods: [{ ...keyAuth, bearer: false }, jwt] }),
      api(
        'mixed',
        { kind: 'anyOf', methods: [keyAuth, jwt] },
        {
          operations: [
            { id: 'admin', method: 'GET', path: '/admin' },
            { id: 'open', method: 'GET', path: '/open' },
          ],
          policy: policyOf({
            auth: { kind: 'anyOf', methods: [keyAuth, jwt] },
            operations: {
              admin: { auth: { kind: 'anyOf', methods: [keyAuth, admin] } },
              open: { auth: { kind: 'none' } },
            },
          }),
        },
      ),
      api('planned', keyAuth, {
        plans: ['free', 'pro'],
        planOperations: { free: ['list'] },
        operations: [
          { id: 'list', method: 'GET', path: '/pets' },
          { id: 'add', method: 'POST', path: '/pets' },
        ],
      }),
      aPlan('free'),
      aPlan('pro'),
      aShard([
        aConsumer('acme', 'acme-key', {
          plans: ['free'],
          jwt: [{ issuer: ISSUER, claim: 'sub', value: 'acme-app' }],
          basic: { 'ann%20"o\'brien': passwd('pass:word', 'abcdefgh'), other: passwd('x', 'ijklmnop') },
        }),
        aConsumer('big', 'big-key', { plans: ['pro'] }),
        aConsumer('bad', 'bad-key', { suspended: true, basic: { bad: passwd('x', 'ijklmnop') } }),
        aConsumer('ends', 'today', {
          keyHashes: [keyHash('today'), keyHash('over')],
          keyExpiries: { [keyHash('today')]: day(0), [keyHash('over')]: day(-1) },
        }),
      ]),
    ],
    { provided },
  );
});
afterAll(() => upstream.close());

const token = (change: Record<string, unknown> = {}) => aToken(keys.privateKey, { alg: 'RS256' }, goodClaims(change));
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
const password = (user: string, word: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`,
});
const ANN = 'ann%20"o\'brien';

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { status, body, headers: got } = await httpCall(port, path, headers, method);
  const why = status >= 400 ? (JSON.parse(body) as { type: string }).type.replace('urn:gitway:problem:', '') : 'ok';
  return { answer: `${status} ${why}`, challenge: got['www-authenticate'] };
}
const sent = () => upstream.seen.at(-1)?.headers ?? {};

describe('API keys', () => {
  it('are good until the end of their last day', async () => {
    expect((await ask('/key', { 'x-api-key': 'today' })).answer).toBe('200 ok');
    expect((await ask('/key', { 'x-api-key': 'over' })).answer).toBe('401 expired-key');
  });

  it('are refused when they are sent twice', async () => {
    const { status } = await wireCall(port, [
      'GET /key HTTP/1.1',
      'host: x',
      'x-api-key: acme-key',
      'x-api-key: big-key',
    ]);
    expect(status).toBe(400);
  });

  it('open single operations by plan, and nothing that is not declared', async () => {
    const free = { 'x-api-key': 'acme-key' };
    expect((await ask('/planned/pets', free)).answer).toBe('200 ok');
    expect((await ask('/planned/pets', free, 'POST')).answer).toBe('403 not-entitled');
    expect((await ask('/planned/else', free)).answer).toBe('403 not-entitled');
    expect((await ask('/planned/else', { 'x-api-key': 'big-key' })).answer).toBe('200 ok');
  });
});

describe('passwords', () => {
  it('are compared with crypt(3), remembered, and taken out', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect((await ask('/basic', password(ANN, 'pass:word'))).answer).toBe('200 ok');
      expect(sent()).toMatchObject({ 'x-gitway-consumer': 'acme' });
      expect(sent()).not.toHaveProperty('authorization');
    }
    expect((await ask('/basic', password(ANN, 'pass:wor'))).answer).toBe('401 wrong-password');
  });

  it('are remembered with a salt of the process', async () => {
    const socket = connect(join(folder.path(), 'admin.sock'));
    socket.end('get var proc.salt\n');
    let text = '';
    for await (const piece of socket.setEncoding('utf8')) text += piece as string;
    expect(text).toMatch(/value=<[0-9a-f-]{36}>/);
    expect(text).not.toContain('00000000-0000-4000-8000-000000000000');
  });

  it('belong to their user', async () => {
    expect((await ask('/basic', password('other', 'pass:word'))).answer).toBe('401 wrong-password');
    expect((await ask('/basic', password('nobody', 'x'))).answer).toBe('401 wrong-password');
    expect((await ask('/basic', password('bad', 'x'))).answer).toBe('403 suspended');
    expect((await ask('/basic', { authorization: 'Basic %%%' })).answer).toBe('401 missing-password');
  });

  it('are asked for in the realm, whatever stands in it', async () => {
    const { answer, challenge } = await ask('/basic');
    expect(answer).toBe('401 missing-password');
    expect(challenge).toBe('Basic realm="Pets \\"and\\" more %[src]", charset="UTF-8"');
  });
});

describe('one of several ways', () => {
  it('is enough, whichever it is; none of the credentials goes on', async () => {
    for (const headers of [
      { 'x-api-key': 'acme-key' },
      bearer('acme-key'),
      bearer(token()),
      password(ANN, 'pass:word'),
    ]) {
      expect((await ask('/any', headers)).answer).toBe('200 ok');
      expect(sent()).toMatchObject({ 'x-gitway-consumer': 'acme' });
      expect(sent()).not.toHaveProperty('authorization');
      expect(sent()).not.toHaveProperty('x-api-key');
    }
    expect((await ask('/any', { 'x-api-key': 'acme-key', ...bearer(token()) })).answer).toBe('200 ok');
    expect(sent()).not.toHaveProperty('authorization');
  });

  it('leaves nothing of another behind', async () => {
    const other = token({ sub: 'somebody' });
    expect((await ask('/any', { 'x-api-key': 'wrong', ...bearer(other) })).answer).toBe('403 unknown-caller');
    expect((await ask('/any', { 'x-api-key': 'acme-key', ...bearer(other) })).answer).toBe('200 ok');
    expect(sent()).not.toHaveProperty('x-gitway-subject');
  });

  it('is enough where another does not hold', async () => {
    expect((await ask('/any', { 'x-api-key': 'wrong', ...bearer(token()) })).answer).toBe('200 ok');
    expect((await ask('/any', { 'x-api-key': 'bad-key', ...bearer(token()) })).answer).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-gitway-consumer': 'acme' });
  });

  it('has to hold: the refusal says most of what was sent', async () => {
    const { answer, challenge } = await ask('/any');
    expect(answer).toMatch(/^401 missing-/);
    expect(challenge).toContain('ApiKey realm="gitway"');
    expect(challenge).toContain('Bearer realm="any"');
    expect(challenge).toContain('Basic realm=');
    expect((await ask('/any', { 'x-api-key': 'wrong' })).answer).toBe('401 unknown-key');
    expect((await ask('/any', bearer(token({ exp: 5 })))).answer).toBe('401 token-expired');
    expect((await ask('/any', { 'x-api-key': 'bad-key' })).answer).toBe('403 suspended');
  });

  it('may be asked for scopes that another has not', async () => {
    expect((await ask('/mixed/admin', { 'x-api-key': 'acme-key' })).answer).toBe('200 ok');
    expect((await ask('/mixed/admin', bearer(token()))).answer).toBe('403 insufficient-scope');
    expect((await ask('/mixed/admin', bearer(token({ scope: 'admin' })))).answer).toBe('200 ok');
    expect((await ask('/mixed/x', bearer(token()))).answer).toBe('200 ok');
    expect((await ask('/mixed/open')).answer).toBe('200 ok');
    expect((await ask('/mixed/x')).answer).toMatch(/^401/);
  });
});

describe('several ways together', () => {
  it('have to hold all, and to mean one consumer', async () => {
    expect((await ask('/all', { 'x-api-key': 'acme-key', ...bearer(token()) })).answer).toBe('200 ok');
    expect((await ask('/all', { 'x-api-key': 'big-key', ...bearer(token()) })).answer).toBe('403 different-callers');
    expect((await ask('/all', { 'x-api-key': 'acme-key' })).answer).toBe('401 missing-token');
    expect((await ask('/all', bearer(token()))).answer).toBe('401 missing-key');
  });
});

describe('two Authorization headers', () => {
  it.each(['key', 'basic', 'any', 'all'])('are refused by %s', async (name) => {
    const twice = [`authorization: Bearer ${token()}`, 'authorization: Bearer x'];
    const { status } = await wireCall(port, [`GET /${name} HTTP/1.1`, 'host: x', ...twice]);
    expect(status).toBe(400);
  });
});
