import { join } from 'node:path';
import { ConflictError } from '@gitway/errors';
import { provisionMessaging } from '@gitway/messaging';
import { ConsoleClient } from '../client/console-client.ts';
import { endOrphans } from '../supervisor/orphans.ts';
import { tryLock } from '../supervisor/process-lock.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { provisionDatabases } from './databases.ts';
import {
  defaultCacheDir,
  defaultStateDir,
  EXAMPLE_REPOSITORY,
  gatewaySites,
  platformServices,
  portNames,
  proxyName,
} from './layout.ts';
import { accessOf, writeAccess, type PlatformAccess } from './platform-access.ts';
import { assignPorts, randomStart, type PortChange } from './ports.ts';
import { processTable, serviceDatabase } from './process-table.ts';
import { silent, type Reporter } from './reporter.ts';
import { loadSecrets } from './secrets.ts';
import { haproxyTitle, prepareServers } from './servers.ts';
import { tellProgress } from './start-progress.ts';
import { StateDirectory } from './state-directory.ts';

export interface PlatformOptions {
  /** Where everything is kept; `.gitway` in the repository by default. */
  readonly stateDir?: string;
  /** Whether the example's Git server and upstreams run, and the source that follows them. */
  readonly example?: boolean;
  readonly reporter?: Reporter;
  /** Further environment variables for every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Downloaded servers, shared by all state directories of a checkout. */
  readonly cacheDir?: string;
  /** Gives the start up: what was started is stopped again. */
  readonly signal?: AbortSignal;
}

export interface Platform extends PlatformAccess {
  /** Whether the state directory was empty before. */
  readonly firstStart: boolean;
  processes(): { name: string; pid: number | null; state: string; restarts: number; log: string }[];
  /** Sends a signal (SIGKILL by default, and then waits for its end) to a process and all it started; it is restarted. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when the process (all of them without a name) is ready. */
  untilReady(name?: string, timeoutMs?: number): Promise<void>;
  /** Stops services, then gateways, then servers; with `now` all at once. */
  stop(now?: boolean): Promise<void>;
}

/**
 * Starts a whole platform and resolves when every process is ready.
 *
 * @throws ConflictError when one runs from this state directory already; an error that names the process, the reason
 * and the log when one does not come up (everything that was started is stopped again)
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { example = true, reporter = silent, cacheDir = defaultCacheDir } = options;
  const state = new StateDirectory(options.stateDir ?? defaultStateDir);
  state.create();
  const lock = tryLock(state.lock, 'a platform');
  if (!lock.taken) {
    throw new ConflictError(
      'platform-running',
      `a platform runs from ${state.path} already (process ${lock.owner.pid}). Stop it with Ctrl-C where it was started, or with: kill ${lock.owner.pid}`,
    );
  }
  let supervisor: Supervisor | null = null;
  try {
    for (const name of await endOrphans(state.run)) reporter.step(`ended ${name}, left behind by an earlier run`);
    const startAt = state.path === defaultStateDir ? undefined : randomStart(Math.random());
    const { ports, changed } = await assignPorts(state.ports, portNames, startAt);
    for (const change of changed) reporter.step(describePortChange(change));
    const { secrets, created } = loadSecrets(state);

    const servers = await prepareServers({ state, cacheDir, ports, secrets, reporter });
    supervisor = new Supervisor({
      runDirectory: state.run,
      logDirectory: state.logs,
      onEvent: ({ process: name, kind, detail }) => {
        if (kind === 'exited') reporter.step(`${name} died (${detail}); its log: ${join(state.logs, `${name}.log`)}`);
      },
    });
    options.signal?.throwIfAborted();
    const started = supervisor;
    const giveUp = () => void started.stop(true);
    options.signal?.addEventListener('abort', giveUp, { once: true });
    await supervisor.start(servers.processes);
    reporter.step(
      `servers are up: ${[...servers.processes.map(({ name }) => name), haproxyTitle(servers.haproxy)].join(', ')}`,
    );
    const { url, admin } = servers.nats;
    await Promise.all([
      provisionDatabases(
        servers.postgresAdminUrl,
        platformServices.map((name) => serviceDatabase(name, secrets)),
      ),
      provisionMessaging({ url, ...admin }),
    ]);
    reporter.step('databases, streams and buckets are there');
    const table = processTable({
      state,
      ports,
      secrets,
      postgresAdminUrl: servers.postgresAdminUrl,
      nats: servers.nats,
      haproxy: servers.haproxy,
      servers: servers.processes.map(({ name }) => name),
      example,
      extraEnv: options.env ?? {},
    });
    options.signal?.throwIfAborted();
    reporter.step(`starting ${table.length} processes`);
    const endProgress = tellProgress(reporter, () =>
      table.map(({ name }) => ({ name, state: started.get(name).state })),
    );
    await supervisor.start(table).finally(endProgress);
    options.signal?.removeEventListener('abort', giveUp);
    options.signal?.throwIfAborted();
    reporter.step('everything is ready');

    writeAccess(
      state,
      {
        pid: process.pid,
        startedAt: new Date().toISOString(),
        ports,
        urls: {
          console: `http://127.0.0.1:${ports['console']}`,
          clone: example ? `http://127.0.0.1:${ports['git']}/${EXAMPLE_REPOSITORY}.git` : null,
          notifications: `http://127.0.0.1:${ports['notifications']}`,
          gateways: Object.fromEntries(
            gatewaySites.map((site) => [site.environment, `http://127.0.0.1:${ports[proxyName(site)]}`]),
          ),
        },
        processes: Object.fromEntries(supervisor.list().map(({ spec, pid }) => [spec.name, pid])),
      },
      secrets,
    );
    return assemble(accessOf(state), supervisor, created, lock.release);
  } catch (error) {
    await supervisor?.stop(true);
    lock.release();
    throw error;
  }
}

function describePortChange({ name, from, to }: PortChange): string {
  const baked = name.startsWith('upstream-') ? '; the repository names the old one in environments/*.yaml' : '';
  return `port ${from} of ${name} is in use by another program: it is ${to} now${baked}`;
}

function assemble(access: PlatformAccess, supervisor: Supervisor, firstStart: boolean, release: () => void): Platform {
  return {
    ...access,
    firstStart,
    console: new ConsoleClient(access.urls.console, access.secrets.consoleToken),
    processes: () =>
      supervisor.list().map(({ spec, pid, state, restarts, logFile }) => ({
        name: spec.name,
        pid,
        state,
        restarts,
        log: logFile,
      })),
    kill: (name, signal = 'SIGKILL') => supervisor.get(name).signal(signal),
    untilReady: async (name, timeoutMs = 60_000) => {
      const awaited = name === undefined ? supervisor.list() : [supervisor.get(name)];
      await Promise.all(awaited.map((one) => one.untilReady(timeoutMs)));
    },
    stop: async (now = false) => {
      await supervisor.stop(now);
      access.state.removeAccess();
      release();
    },
  };
}
