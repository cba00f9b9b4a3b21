import { ServerNotFoundError } from '../errors.ts';
import { serverVariables, type ServerVariables } from '../config.ts';
import { detectPlatform, type Platform } from '../platform.ts';
import { findOnPath, run as runProgram, type Run } from '../run.ts';
import type { FoundServer, Installation, OnProgress, ServerName } from '../server.ts';
import { installAdvice } from './advice.ts';
import { forgetUnpacked, unpackFromApt, type AptContext } from './apt.ts';
import { installWithApt } from './apt-install.ts';
import { checkInstallation, type Candidate } from './check-installation.ts';
import { fromHomebrew } from './homebrew.ts';
import { npmPostgres } from './npm-postgres.ts';
import { programs } from './programs.ts';
import { searchOrder, type Way } from './search-order.ts';

export interface FindOptions {
  /** Where downloaded packages are unpacked and kept: `<repository>/.gitway/cache/servers`. */
  readonly cacheDir: string;
  /** Folders to search; the environment's PATH by default. */
  readonly path?: string;
  readonly onProgress?: OnProgress;
  /** Environment to read POSTGRES_URL, NATS_URL, REDIS_URL, GITWAY_HAPROXY_BIN and PATH from. */
  readonly env?: NodeJS.ProcessEnv;
  /** Refuses a program that would do for others (data of another major version); returns the reason or null. */
  readonly refuse?: (installation: Installation) => string | null;
  /** Ways to try, in this order, instead of all that this machine has. */
  readonly ways?: readonly Way[];
  readonly platform?: Platform;
  readonly run?: Run;
}

/**
 * Finds or fetches a server: a URL given by environment, a program on the PATH, in an npm package, in a Debian package
 * unpacked into the cache, installed by apt, installed by Homebrew. Throws ServerNotFoundError with what to do.
 */
export async function findServer(server: ServerName, options: FindOptions): Promise<FoundServer> {
  const variables = serverVariables(options.env);
  const url = variables.urls[server];
  if (url !== undefined && (options.ways === undefined || options.ways.includes('given')))
    return { kind: 'given', server, url };
  return { kind: 'installation', server, installation: await search(server, options, variables) };
}

/** Like findServer, but always a program on this machine: a URL in the environment is not used. */
export async function findInstallation(server: ServerName, options: FindOptions): Promise<Installation> {
  return search(server, options, serverVariables(options.env));
}

async function search(server: ServerName, options: FindOptions, variables: ServerVariables): Promise<Installation> {
  const platform = options.platform ?? detectPlatform();
  const run = options.run ?? runProgram;
  const say = (step: string, message: string) => options.onProgress?.({ server, step, message });
  const apt: AptContext = {
    run,
    cacheDir: options.cacheDir,
    platformId: platform.id,
    root: platform.root,
    say,
  };
  const attempts: string[] = [];
  const fail = (way: Way, reason: string) => {
    attempts.push(`${describe(way)}: ${reason}`);
    say('skip', `${describe(way)}: ${reason}`);
  };

  const candidates: Record<Way, () => Promise<Candidate[]>> = {
    given: async () => {
      const binary = variables.binaries[server];
      return binary === undefined ? [] : [{ binary, source: 'given' }];
    },
    path: async () =>
      programs[server].binaries.flatMap((name) => {
        const binary = findOnPath(name, options.path ?? variables.path);
        return binary === null ? [] : [{ binary, source: 'path' as const }];
      }),
    npm: async () => {
      const binary = npmPostgres(options.cacheDir);
      return binary === null ? [] : [{ binary, source: 'npm' }];
    },
    'apt-unpack': async () => [await unpackFromApt(server, apt)],
    'apt-install': async () => [{ binary: await installWithApt(server, apt), source: 'apt-installed' }],
    homebrew: async () => [{ binary: await fromHomebrew(server, run, say), source: 'homebrew' }],
  };

  for (const way of options.ways ?? searchOrder(server, platform)) {
    say('search', `${programs[server].title}: ${describe(way)}`);
    // A cached package may have been made useless by an upgrade of the system: fetched once more.
    for (let round = 1; round <= (way === 'apt-unpack' ? 2 : 1); round += 1) {
      let found: Candidate[];
      try {
        found = await candidates[way]();
      } catch (error) {
        fail(way, error instanceof Error ? error.message : String(error));
        break;
      }
      if (found.length === 0 && way !== 'given') fail(way, 'not there');
      for (const candidate of found) {
        const checked = await checkInstallation(server, candidate, run);
        const refused = checked.ok ? (options.refuse?.(checked.installation) ?? null) : checked.reason;
        if (checked.ok && refused === null) {
          const { binary, version } = checked.installation;
          say('found', `${programs[server].title} ${version}: ${binary}`);
          return checked.installation;
        }
        if (way === 'given') throw new ServerNotFoundError(server, `GITWAY_HAPROXY_BIN: ${refused}.`, attempts);
        fail(way, refused ?? 'refused');
      }
      if (way === 'apt-unpack') forgetUnpacked(server, apt);
    }
  }
  throw new ServerNotFoundError(server, installAdvice(server, platform), attempts);
}

function describe(way: Way): string {
  const words: Record<Way, string> = {
    given: 'environment',
    path: 'PATH',
    npm: 'npm package',
    'apt-unpack': 'Debian package, unpacked',
    'apt-install': 'apt-get install',
    homebrew: 'Homebrew',
  };
  return words[way];
}
