import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GitServer, startGitServer } from '@gitway/examples';
import { tempDir } from '@gitway/testing';
import { parseRemoteUrl } from '../domain/remote-url.ts';
import { sourceFrom, sourceSettingsSchema } from '../domain/source.ts';
import { pinnedAddresses } from './address-guard.ts';
import { Git } from './git.ts';

const folder = tempDir();
let server: GitServer;
let git: Git;

beforeAll(async () => {
  server = await startGitServer({ folder: join(folder.path(), 'repositories'), token: 'a-token-for-this-test' });
  await server.createRepository('demo');
  await mkdir(join(folder.path(), 'home'));
  git = new Git({ home: join(folder.path(), 'home'), path: '/usr/local/bin:/usr/bin:/bin' });
});
afterAll(() => server.stop());

const remote = (args: string[], url: string, pinned: string[] | null = null) =>
  git.remote(args, {
    cwd: folder.path(),
    access: {
      remote: parseRemoteUrl(url, { allowPrivate: true, allowLocal: true }),
      username: 'git',
      token: null,
      pinnedAddresses: pinned,
    },
    action: 'ask',
    timeoutMs: 20_000,
    silenceMs: 5_000,
  });

describe('git', () => {
  it('connects to the addresses that were judged, whatever the name resolves to by then', async () => {
    const url = `http://git.example.test:${server.port}/demo.git`;
    await expect(remote(['ls-remote', '--', url], url, ['127.0.0.1'])).resolves.toBe('');
    await expect(remote(['ls-remote', '--', url], url)).rejects.toThrow(/Could not resolve host/);
  });

  it('speaks no protocol but the one of the source', async () => {
    const url = server.cloneUrl('demo');
    for (const other of ['ext::sh -c id', `file://${server.repositoryFolder('demo')}`, 'ssh://git@127.0.0.1/a']) {
      await expect(remote(['ls-remote', '--', other], url)).rejects.toThrow(/transport '\w+' not allowed/);
    }
    const local = `file://${server.repositoryFolder('demo')}`;
    await expect(remote(['ls-remote', '--', local], local)).resolves.toBe('');
  });

  it('is given no option that runs a program', async () => {
    const url = server.cloneUrl('demo');
    await expect(remote(['ls-remote', '--upload-pack=touch x', '--', url], url)).rejects.toThrow(/not permitted/);
  });
});

describe('a host name', () => {
  it('that leads to a private address is refused unless the source allows it', async () => {
    const settings = { name: 'a', url: 'http://localhost/a.git', allowPrivate: true };
    const allowed = sourceFrom(sourceSettingsSchema.parse(settings));
    await expect(pinnedAddresses(allowed)).resolves.toBeNull();
    await expect(pinnedAddresses({ ...allowed, allowPrivate: false })).rejects.toThrow(/not public/);
  });
});
