import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, type Unit } from '@gitway/contracts';
import type { SnapshotUnit } from '@gitway/drivers';
import { tempDir, waitFor } from '@gitway/testing';
import { KeySetServer } from '../adapters/key-set-server.ts';
import { SecretFiles } from '../adapters/secret-files.ts';
import { apiUnit } from '../testing/units.ts';
import { ProvideNeeds } from './provide-needs.ts';

const folder = tempDir();
const secrets = tempDir();
const keysNamed = (...kids: string[]) =>
  JSON.stringify({
    keys: kids.map((kid) => ({
      ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
      kid,
    })),
  });

let server: Server;
let uri: string;
let answer: { status: number; text: string; location?: string };
let asked = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location });
    response.end(answer.text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answer = { status: 200, text: keysNamed('one') };
  asked = 0;
  rmSync(join(folder.path(), 'keysets'), { recursive: true, force: true });
});

const stored = (units: readonly Unit[]): SnapshotUnit[] => units.map((unit) => ({ digest: digestOf(unit), unit }));
const guarded = () =>
  stored([
    apiUnit('pets', 1, {
      policy: {
        ...apiUnit('pets', 1).policy,
        auth: {
          kind: 'jwt',
          issuer: 'https://id.test',
          audience: [],
          keys: { jwksUri: uri },
          algorithms: ['ES256'],
          header: 'authorization',
          cookie: null,
          clockSkewMs: 0,
          scopeClaim: 'scope',
          consumerClaim: 'sub',
          anyCaller: true,
        },
      },
    }),
  ]);
const asking = () =>
  stored([
    apiUnit('opaque', 1, {
      policy: {
        ...apiUnit('opaque', 1).policy,
        auth: {
          kind: 'introspection',
          url: 'http://127.0.0.1:1/',
          clientId: 'gateway',
          clientSecret: { secret: 'introspection' },
          cacheForMs: 0,
          consumerClaim: 'sub',
        },
      },
    }),
  ]);
const provider = () => new ProvideNeeds('edge', new SecretFiles(secrets.path()), new KeySetServer(folder.path()));
const kids = (needs: ProvideNeeds) =>
  needs
    .provided()
    .keySets.get(uri)
    ?.map(({ id }) => id);

describe('key sets', () => {
  it('are fetched once, kept for a restart without a network, and only readable by their owner', async () => {
    expect(await provider().provide(guarded(), [])).toEqual([]);
    answer = { status: 503, text: '' };
    const later = provider();
    await later.resume(guarded());
    expect(kids(later)).toEqual(['one']);
    expect(await later.provide(guarded(), guarded())).toEqual([]);
    expect(asked).toBe(1);
    expect(statSync(join(folder.path(), 'keysets')).mode & 0o77).toBe(0);
  });

  it('are asked for again when a token names an unknown key, but not for each such token', async () => {
    const needs = provider();
    await needs.provide(guarded(), []);
    answer = { status: 200, text: keysNamed('one', 'two') };
    const version = needs.provided().version;
    expect(await needs.unknownKey('pets', 1000)).toBe(true);
    expect(kids(needs)).toEqual(['one', 'two']);
    expect(needs.provided().version).not.toBe(version);
    for (let time = 1001; time < 1050; time += 1) expect(await needs.unknownKey('pets', time)).toBe(false);
    expect(await needs.unknownKey('another', 99_000)).toBe(false);
    expect(asked).toBe(2);
  });

  it.each([
    ['an error', { status: 500, text: 'x' }, /answers 500/],
    ['garbage', { status: 200, text: '<html>' }, /no JSON/],
    ['a set without keys', { status: 200, text: '{"keys":[]}' }, /none of its keys/],
    ['a redirect', { status: 302, text: '', location: 'http://127.0.0.1:1/' }, /redirect/],
    ['600 KB', { status: 200, text: 'x'.repeat(600_000) }, /larger than 512 KiB/],
  ])('stay as they were after %s, which is told', async (_what, bad, reason) => {
    const needs = provider();
    await needs.provide(guarded(), []);
    answer = bad;
    expect(await needs.unknownKey('pets', 1000)).toBe(false);
    expect(kids(needs)).toEqual(['one']);
    expect(needs.warnings().map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
    answer = { status: 200, text: keysNamed('two') };
    expect(await needs.unknownKey('pets', 100_000)).toBe(true);
    expect(needs.warnings()).toEqual([]);
  });

  it('that never were are a problem of the API that needs them, until they are', async () => {
    answer = { status: 404, text: '' };
    const needs = provider();
    expect(await needs.provide(guarded(), [])).toEqual([
      { unit: 'api pets', message: expect.stringMatching(/^the key set http.*\/jwks cannot be used: it answers 404$/) },
    ]);
    const stopping = new AbortController();
    let changes = 0;
    const running = needs.run({ secretsMs: 10, keySetsMs: 10 }, stopping.signal, () => (changes += 1));
    answer = { status: 200, text: keysNamed('one') };
    await waitFor(() => Promise.resolve(changes > 0));
    stopping.abort();
    await running;
    expect(await needs.provide(guarded(), [])).toEqual([]);
  });
});

describe('secrets', () => {
  const file = () => join(secrets.path(), 'introspection');
  it('are read again when they change, and stay when they go', async () => {
    const needs = provider();
    expect(await needs.provide(asking(), [])).toEqual([
      {
        unit: 'api opaque',
        message: expect.stringMatching(/^the secret "introspection" cannot be used: there is no file .*introspection$/),
      },
    ]);
    writeFileSync(file(), 'first\n');
    expect(await needs.provide(asking(), [])).toEqual([]);
    expect(needs.provided().secrets.get('introspection')).toBe('first');
    const stopping = new AbortController();
    let changes = 0;
    const running = needs.run({ secretsMs: 10, keySetsMs: 60_000 }, stopping.signal, () => (changes += 1));
    writeFileSync(file(), 'second');
    await waitFor(() => Promise.resolve(changes > 0));
    expect(needs.provided().secrets.get('introspection')).toBe('second');
    rmSync(file());
    await waitFor(() => Promise.resolve(needs.warnings().length > 0));
    stopping.abort();
    await running;
    expect(needs.provided().secrets.get('introspection')).toBe('second');
    expect(JSON.stringify(needs.warnings())).not.toContain('second');
  });

  it.each(['../x', '.', '', 'a/b', 'x\0'])('are never read under the name %j', async (name) => {
    expect(await new SecretFiles(secrets.path()).read(name)).toEqual({ refusal: 'it is not the name of a secret' });
  });

  it('need a folder', async () => {
    expect(await new SecretFiles(null).read('x')).toEqual({
      refusal: 'GITWAY_SECRETS_DIR does not say where secrets are',
    });
  });
});
