import type { ServerName } from '../server.ts';

/** What is to be known of a server's program. */
export interface Program {
  readonly title: string;
  /** Names under which the program is found on a PATH, best first. */
  readonly binaries: readonly string[];
  /** Programs that must lie in the same folder (after links are followed). */
  readonly companions: readonly string[];
  readonly versionArgs: readonly string[];
  readonly version: RegExp;
  /** Oldest version that works: major, minor. */
  readonly minimum: readonly [number, number];
  /** Debian and Ubuntu: the packages that hold the program itself. */
  readonly apt: readonly string[];
  readonly homebrew: string;
}

export const programs: Readonly<Record<ServerName, Program>> = {
  postgres: {
    title: 'PostgreSQL',
    binaries: ['postgres'],
    companions: ['initdb'],
    versionArgs: ['--version'],
    version: /PostgreSQL\)\s+(\d+\.\d+)/,
    minimum: [14, 0],
    apt: ['postgresql'],
    homebrew: 'postgresql@17',
  },
  nats: {
    title: 'nats-server',
    binaries: ['nats-server'],
    companions: [],
    versionArgs: ['--version'],
    version: /v(\d+\.\d+\.\d+)/,
    minimum: [2, 9],
    apt: ['nats-server'],
    homebrew: 'nats-server',
  },
  haproxy: {
    title: 'HAProxy',
    binaries: ['haproxy'],
    companions: [],
    versionArgs: ['-v'],
    version: /version\s+(\d+\.\d+(?:\.\d+)?)/i,
    minimum: [2, 4],
    apt: ['haproxy'],
    homebrew: 'haproxy',
  },
  redis: {
    title: 'Redis',
    binaries: ['redis-server', 'valkey-server'],
    companions: [],
    versionArgs: ['--version'],
    version: /v=(\d+\.\d+\.\d+)/,
    minimum: [6, 2],
    // The program itself is a link to a file of redis-tools.
    apt: ['redis-server', 'redis-tools'],
    homebrew: 'redis',
  },
};

/** Whether `version` (`15.18`) is at least the oldest that works. */
export function isSupported(server: ServerName, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor, minimumMinor] = programs[server].minimum;
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}
