import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@gitway/service';
import {
  freePort,
  httpCall as call,
  startTestUpstream as startUpstream,
  tempDir,
  type TestUpstream as Upstream,
  useHaproxy,
  waitFor,
} from '@gitway/testing';
import { prepareDirectory } from './app/run-gateway.ts';
import type { AgentConfig } from './config.ts';
import { usePlatform } from './testing/agent.ts';
import { inSync, programIn } from './testing/gateway.ts';
import { apiUnit, gatewayUnit } from './testing/units.ts';

const platform = usePlatform();
const haproxy = useHaproxy();
const folder = tempDir();
const secrets = tempDir();
const keys = {
  one: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  two: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
let published: (keyof typeof keys)[] = ['one'];
let working = true;
let secret = 'first';
let issuer: Server;
let upstream: Upstream;
let port: number;
let config: AgentConfig;
let agent: RunningService;

beforeAll(async () => {
  issuer = createServer((request, response) => {
    if (request.url === '/introspect') {
      const known = request.headers.authorization === `Basic ${btoa(`gateway:${secret}`)}`;
      return void response.end(JSON.stringify({ active: known }));
    }
    if (!working) return void response.writeHead(503).end();
    const set = published.map((kid) => ({ ...keys[kid].publicKey.export({ format: 'jwk' }), kid }));
    response.end(JSON.stringify({ keys: set }));
  }).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  upstream = await startUpstream('upstream');
  port = await freePort();
  config = {
    ...platform.config(folder.path(), port, programIn(folder.path(), haproxy.installation())),
    GITWAY_SECRETS_DIR: secrets.path(),
    GITWAY_SECRETS_INTERVAL: 100,
  };
  prepareDirectory(config);
  await haproxy.start(folder.path());
  agent = await platform.startAgent(config);
}, 60_000);
afterAll(async () => {
  await agent.stop();
  await upstream.close();
  issuer.closeAllConnections();
  issuer.close();
});

const at = (path: string) => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}${path}`;

const opaque = () =>
  apiUnit('opaque', upstream.port, {
    policy: {
      rateLimits: [],
      timeouts: { connectMs: 1000, requestMs: 5000 },
      auth: {
        kind: 'introspection',
        url: at('/introspect'),
        clientId: 'gateway',
        clientSecret: { secret: 'introspection' },
        cacheForMs: 0,
        consumerClaim: 'sub',
      },
    },
  });

const guarded = () =>
  apiUnit('guarded', upstream.port, {
    policy: {
      rateLimits: [],
      timeouts: { connectMs: 1000, requestMs: 5000 },
      auth: {
        kind: 'jwt',
        issuer: 'https://id.test',
        audience: [],
        keys: { jwksUri: at('/jwks') },
        algorithms: ['ES256'],
        header: 'authorization',
        cookie: null,
        clockSkewMs: 0,
        scopeClaim: 'scope',
        consumerClaim: 'sub',
        anyCaller: true,
      },
    },
  });

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function bearer(kid: keyof typeof keys, key: KeyObject = keys[kid].privateKey) {
  const text = `${b64({ alg: 'ES256', kid })}.${b64({ iss: 'https://id.test', exp: Math.floor(Date.now() / 1000) + 600 })}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { authorization: `Bearer ${text}.${signature}` };
}
const statusOf = async (kid: keyof typeof keys) => (await call(port, '/guarded', bearer(kid))).status;

describe('the keys of an issuer', () => {
  it('are fetched before a snapshot runs that needs them; a set that cannot be had is a problem of its API', async () => {
    const snapshot = await platform.store([gatewayUnit(), guarded()]);
    working = false;
    const refused = await platform.want(snapshot);
    const { problems } = await platform.reported((reported) => reported.generation === refused);
    expect(problems).toEqual([{ unit: 'api guarded', message: expect.stringContaining('it answers 503') }]);
    working = true;
    const generation = await platform.want(snapshot);
    await platform.reported(inSync(snapshot, generation));
    expect(await statusOf('one')).toBe(200);
    expect((await call(port, '/guarded', bearer('one', keys.two.privateKey))).status).toBe(401);
  });

  it('are fetched again when a token names a new one, and come in without a failed call', async () => {
    const before = await platform.reported((reported) => reported.running !== null);
    const statuses = new Set<number>();
    let rotated = false;
    const load = (async () => {
      while (!rotated) statuses.add(await statusOf('one'));
    })();
    published = ['one', 'two'];
    await waitFor(async () => (await statusOf('two')) === 200, { timeoutMs: 20_000 });
    rotated = true;
    await load;
    expect([...statuses]).toEqual([200]);
    const after = await platform.reported((reported) => reported.running !== null);
    expect(after).toMatchObject({ generation: before.generation, running: before.running, problems: [], drift: [] });
  });

  it('are kept: a new agent that cannot fetch them goes on with them, and says so', async () => {
    working = false;
    await agent.stop();
    agent = await platform.startAgent(config);
    const instance = (await platform.reported((reported) => reported.running !== null)).agent;
    expect(instance.instance).not.toBe('');
    expect([await statusOf('one'), await statusOf('two')]).toEqual([200, 200]);
    const { drift, problems } = await platform.reported(({ warnings }) => warnings !== undefined, 30_000);
    expect({ drift, problems }).toEqual({ drift: [], problems: [] });
  }, 60_000);
});

describe('a secret', () => {
  const file = () => join(secrets.path(), 'introspection');
  const asked = async () => (await call(port, '/opaque', { authorization: 'Bearer x' })).status;

  it('that is missing is a problem that names it; what ran goes on, and the new runs as soon as it is there', async () => {
    working = true;
    const snapshot = await platform.store([gatewayUnit(), guarded(), opaque()]);
    const generation = await platform.want(snapshot);
    const { problems } = await platform.reported((reported) => reported.generation === generation);
    expect(problems).toEqual([{ unit: 'api opaque', message: expect.stringContaining('the secret "introspection"') }]);
    expect(await statusOf('one')).toBe(200);
    expect(await asked()).toBe(404);
    writeFileSync(file(), 'first\n', { mode: 0o600 });
    await platform.reported(inSync(snapshot, generation));
    expect(await asked()).toBe(200);
  });

  it('that changes comes in by itself, and lies only where its owner can read it', async () => {
    secret = 'second';
    expect(await asked()).toBe(401);
    writeFileSync(file(), 'second\n', { mode: 0o600 });
    await waitFor(async () => (await asked()) === 200, { timeoutMs: 20_000 });
    const maps = readdirSync(join(folder.path(), 'maps')).filter((name) => name.startsWith('token-secrets.'));
    expect(maps).not.toEqual([]);
    for (const name of maps) expect(statSync(join(folder.path(), 'maps', name)).mode & 0o77).toBe(0);
  });
});
