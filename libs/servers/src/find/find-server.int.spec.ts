import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ServerNotFoundError } from '../errors.ts';
import { detectPlatform } from '../platform.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { installAdvice } from './advice.ts';
import { findInstallation, findServer } from './find-server.ts';
import type { Progress, ServerName } from '../server.ts';

const nothing = { family: 'other', id: 'other-x64', root: false, apt: false, homebrew: false } as const;

describe('findServer', () => {
  const temp = tempFolder();

  function program(folder: string, name: string, says: string): void {
    mkdirSync(temp.path(folder), { recursive: true });
    writeFileSync(temp.path(folder, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  }
  const find = (server: ServerName, path: string, more: object = {}) =>
    findInstallation(server, { cacheDir: temp.path('cache'), path, env: {}, platform: nothing, ...more });

  it('takes the URL that the environment gives', async () => {
    const env = { NATS_URL: 'nats://bus.example:4222', PATH: '' };
    expect(await findServer('nats', { cacheDir: temp.path('cache'), env })).toEqual({
      kind: 'given',
      server: 'nats',
      url: 'nats://bus.example:4222',
    });
  });

  it('takes the HAProxy that the environment names, and no other when it is none', async () => {
    program('given', 'haproxy', 'HAProxy version 3.0.1');
    const found = await find('haproxy', '', { env: { GITWAY_HAPROXY_BIN: temp.path('given/haproxy') } });
    expect(found).toMatchObject({ source: 'given', version: '3.0.1' });
    await expect(find('haproxy', temp.path('given'), { env: { GITWAY_HAPROXY_BIN: '/no/haproxy' } })).rejects.toThrow(
      'GITWAY_HAPROXY_BIN: /no/haproxy is not an executable file',
    );
  });

  it('skips a program that is too old and says so', async () => {
    program('old', 'nats-server', 'nats-server: v2.8.0');
    const progress: Progress[] = [];
    const search = find('nats', temp.path('old'), { onProgress: (step: Progress) => progress.push(step) });
    await expect(search).rejects.toThrow(/older than 2\.9/);
    expect(progress.map(({ step }) => step)).toEqual(['search', 'search', 'skip']);
  });

  it('takes the second program where the first is refused', async () => {
    program('redis', 'redis-server', 'Redis server v=5.0.0');
    program('redis', 'valkey-server', 'Valkey server v=8.0.0');
    expect((await find('redis', temp.path('redis'))).binary).toBe(temp.path('redis/valkey-server'));
  });

  it('wants initdb beside the file that a link to postgres means', async () => {
    program('lone', 'postgres', 'postgres (PostgreSQL) 16.1');
    const only = { ways: ['path'] };
    await expect(find('postgres', temp.path('lone'), only)).rejects.toThrow(/has no initdb beside it/);
    program('whole', 'postgres', 'postgres (PostgreSQL) 16.2');
    program('whole', 'initdb', 'initdb (PostgreSQL) 16.2');
    mkdirSync(temp.path('links'));
    symlinkSync(temp.path('whole/postgres'), temp.path('links/postgres'));
    expect((await find('postgres', temp.path('links'), only)).binary).toBe(temp.path('whole/postgres'));
  });

  it('says what to install when no way is left', async () => {
    const error = await find('nats', '').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerNotFoundError);
    expect(error).toMatchObject({ slug: 'server-not-found', kind: 'not-found' });
    expect((error as Error).message).toBe(`${installAdvice('nats', nothing)}\nTried:\n  - PATH: not there`);
  });

  it('finds Postgres in the npm package where nothing is installed', async () => {
    const platformHasOne = ['linux', 'darwin'].includes(process.platform);
    const search = find('postgres', '', { ways: ['path', 'npm'] });
    if (platformHasOne) expect(await search).toMatchObject({ source: 'npm' });
    else await expect(search).rejects.toBeInstanceOf(ServerNotFoundError);
  });

  it('fetches a server from the package manager where the PATH holds none', async () => {
    const platform = detectPlatform();
    // A PATH with programs on it, none of them a server.
    const path = dirname(process.execPath);
    const cacheDir = temp.path('fresh');
    for (const server of ['nats', 'haproxy'] as const) {
      const search = findInstallation(server, { cacheDir, path: temp.path('given-nothing'), env: { PATH: path } });
      if (platform.apt) {
        const installation = await search;
        expect(installation.source).toBe('apt-unpacked');
        expect(installation.binary.startsWith(cacheDir)).toBe(true);
      } else if (platform.homebrew) {
        expect((await search).source).toBe('homebrew');
      } else {
        await expect(search).rejects.toThrow(installAdvice(server, platform));
      }
    }
  }, 240_000);
});
