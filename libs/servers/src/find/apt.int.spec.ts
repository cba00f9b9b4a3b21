import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fakeRun, type Call } from '../testing/fake-run.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { unpackFromApt } from './apt.ts';
import { installWithApt } from './apt-install.ts';

/** Files are real here, the package manager is not. */
describe('apt', () => {
  const temp = tempFolder();
  let count = 0;

  function scene(options: { root: boolean; lists: boolean }) {
    count += 1;
    const folder = temp.path(String(count));
    const systemLists = join(folder, 'lists');
    mkdirSync(systemLists, { recursive: true });
    if (options.lists) writeFileSync(join(systemLists, 'deb.example_main_binary-amd64_Packages.lz4'), '');
    return {
      cacheDir: join(folder, 'cache'),
      platformId: 'debian-12-x64',
      root: options.root,
      systemLists,
      say: () => {},
    };
  }

  const download = [
    / download nats-server$/,
    ({ options }: Call) => {
      writeFileSync(join(options.cwd ?? '', 'nats-server_2_amd64.deb'), '');
      return {};
    },
  ] as const;
  const unpack = [
    /^dpkg -x/,
    ({ line }: Call) => {
      const folder = join(line.split(' ')[3] ?? '', 'usr/sbin');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'nats-server'), '', { mode: 0o755 });
      return {};
    },
  ] as const;
  const complete = [/^ldd /, { stdout: '\tlibc.so.6 => /lib/libc.so.6 (0x0)\n' }] as const;

  it('downloads and unpacks once, and keeps nothing but the files', async () => {
    const context = scene({ root: false, lists: true });
    const { run, calls } = fakeRun([download, unpack, complete]);
    const found = await unpackFromApt('nats', { ...context, run });
    const folder = join(context.cacheDir, 'nats-debian-12-x64');
    expect(found).toEqual({ binary: join(folder, 'root/usr/sbin/nats-server'), source: 'apt-unpacked' });
    expect(readdirSync(context.cacheDir)).toEqual(['nats-debian-12-x64']);
    expect(readdirSync(folder)).toEqual(['root']);
    const before = calls.length;
    await unpackFromApt('nats', { ...context, run });
    expect(calls.length).toBe(before);
  });

  it('updates empty lists first: the system’s as root, private ones otherwise', async () => {
    for (const root of [true, false]) {
      const context = scene({ root, lists: false });
      const { run, calls } = fakeRun([[/ update$/, {}], download, unpack, complete]);
      await unpackFromApt('nats', { ...context, run });
      expect(calls[0]?.line).toMatch(/^apt-get .*update$/);
      expect(calls[0]?.line.includes(`Dir::State::lists=${context.cacheDir}`)).toBe(!root);
      expect(calls[1]?.line.includes(`Dir::State::lists=${context.cacheDir}`)).toBe(!root);
    }
  });

  it('updates lists that name packages which are gone, and tries again', async () => {
    const context = scene({ root: true, lists: true });
    let updated = false;
    const { run } = fakeRun([
      [
        / update$/,
        () => {
          updated = true;
          return {};
        },
      ],
      [/ download /, (call) => (updated ? download[1](call) : { code: 100, stderr: 'E: 404 Not Found' })],
      unpack,
      complete,
    ]);
    expect((await unpackFromApt('nats', { ...context, run })).source).toBe('apt-unpacked');
  });

  it('fetches missing libraries and starts the program with them through a script that may be moved', async () => {
    const context = scene({ root: false, lists: true });
    let libraries = false;
    const { run } = fakeRun([
      download,
      [/ install -s /, { stdout: 'Inst libextra1 (1 Debian [amd64])\nInst nats-server (2 Debian [amd64])\n' }],
      [
        / download libextra1$/,
        ({ options }) => {
          writeFileSync(join(options.cwd ?? '', 'libextra1_1_amd64.deb'), '');
          return {};
        },
      ],
      [
        /^dpkg -x .*libextra1/,
        ({ line }) => {
          const folder = join(line.split(' ')[3] ?? '', 'usr/lib/x86_64-linux-gnu');
          mkdirSync(folder, { recursive: true });
          writeFileSync(join(folder, 'libextra.so.1'), '');
          libraries = true;
          return {};
        },
      ],
      unpack,
      [/^ldd /, () => ({ stdout: libraries ? '' : '\tlibextra.so.1 => not found\n' })],
    ]);
    const found = await unpackFromApt('nats', { ...context, run });
    expect(found.binary).toBe(join(context.cacheDir, 'nats-debian-12-x64/bin/nats-server'));
    expect(existsSync(found.binary)).toBe(true);
  });

  it('names libraries that stay missing and leaves no half-made cache', async () => {
    const context = scene({ root: false, lists: true });
    const { run } = fakeRun([
      download,
      unpack,
      [/ install -s /, {}],
      [/^ldd /, { stdout: '\tlibextra.so.1 => not found\n' }],
    ]);
    await expect(unpackFromApt('nats', { ...context, run })).rejects.toThrow('libraries are missing: libextra.so.1');
    expect(readdirSync(context.cacheDir)).toEqual([]);
  });

  it('installs without letting the package start its service, and leaves the policy as it was', async () => {
    const context = scene({ root: true, lists: true });
    const policyFile = join(context.systemLists, 'policy-rc.d');
    let during = '';
    const { run, calls } = fakeRun([
      [
        / install -y /,
        () => {
          during = readFileSync(policyFile, 'utf8');
          return { code: 100, stderr: 'E: no space left' };
        },
      ],
    ]);
    const install = () => installWithApt('haproxy', { ...context, policyFile, run });
    await expect(install()).rejects.toThrow('apt-get install haproxy failed: E: no space left');
    expect(during).toContain('exit 101');
    expect(existsSync(policyFile)).toBe(false);
    expect(calls[0]?.options.env).toMatchObject({ DEBIAN_FRONTEND: 'noninteractive' });

    writeFileSync(policyFile, '#!/bin/sh\nexit 0\n');
    await expect(install()).rejects.toThrow();
    expect(during).toContain('exit 0');
    expect(readFileSync(policyFile, 'utf8')).toContain('exit 0');
  });
});
