import { join } from 'node:path';
import { owners, type Owner } from '@gitway/contracts';
import { ADMIN_USER, natsServerConfig } from '@gitway/messaging';
import {
  findServer,
  preparePostgres,
  programs,
  type FoundServer,
  type Installation,
  type Progress,
} from '@gitway/servers';
import type { ProcessSpec } from '../supervisor/process-spec.ts';
import type { Reporter } from './reporter.ts';
import { searchProgress } from './search-progress.ts';
import type { Secrets } from './secrets.ts';
import { writeFileWhole, type StateDirectory } from './state-directory.ts';

/** The servers of one platform: those to start, and how to reach all of them. */
export interface Servers {
  readonly processes: readonly ProcessSpec[];
  /** Superuser's URL. */
  readonly postgresAdminUrl: string;
  readonly nats: { readonly url: string; readonly admin: NatsUser; readonly userOf: (owner: Owner) => NatsUser };
  readonly haproxy: Installation;
}

export interface NatsUser {
  readonly user: string;
  /** Undefined where somebody else's server asks for none. */
  readonly password: string | undefined;
}

export interface ServersOptions {
  readonly state: StateDirectory;
  readonly cacheDir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly secrets: Secrets;
  readonly reporter: Reporter;
}

/** Finds or fetches every server and prepares its data; starts none. */
export async function prepareServers(options: ServersOptions): Promise<Servers> {
  const progress = searchProgress(options.reporter);
  const find = (server: 'postgres' | 'nats' | 'haproxy') =>
    findServer(server, { cacheDir: options.cacheDir, onProgress: progress });
  // One after the other: they may share apt's and the cache's locks, and the lines stay readable.
  const foundPostgres = await find('postgres');
  const foundNats = await find('nats');
  const foundHaproxy = await find('haproxy');
  const postgres = await postgresServer(foundPostgres, options, progress);
  const nats = natsServer(foundNats, options);
  if (foundHaproxy.kind !== 'installation') throw new Error('HAProxy is always run here');
  return {
    processes: [postgres.spec, nats.spec].filter((spec) => spec !== null),
    postgresAdminUrl: postgres.adminUrl,
    nats: nats.access,
    haproxy: foundHaproxy.installation,
  };
}

async function postgresServer(
  found: FoundServer,
  { state, ports, secrets }: ServersOptions,
  onProgress: (progress: Progress) => void,
): Promise<{ spec: ProcessSpec | null; adminUrl: string }> {
  if (found.kind === 'given') return { spec: null, adminUrl: found.url };
  const port = ports['postgres']!;
  const prepared = await preparePostgres({
    installation: found.installation,
    dataDir: join(state.data, 'postgres'),
    logFile: join(state.logs, 'postgres.log'),
    password: secrets.postgresPassword,
    onProgress,
  });
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '300',
    jit: 'off',
    timezone: 'UTC',
  };
  const spec: ProcessSpec = {
    name: 'postgres',
    stage: 'server',
    command: prepared.installation.binary,
    args: ['-D', prepared.dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { ...prepared.installation.env },
    cwd: prepared.dataDir,
    dependsOn: [],
    ready: { kind: 'tcp', port },
    readyWithinMs: 60_000,
    // Fast shutdown; SIGTERM would wait for clients to leave.
    stop: { signal: 'SIGINT', graceMs: 15_000 },
    deathSignal: 'SIGINT',
    ...(prepared.owner === null ? {} : { user: { uid: prepared.owner.uid, gid: prepared.owner.gid } }),
  };
  return { spec, adminUrl: `postgres://gitway:${secrets.postgresPassword}@127.0.0.1:${port}/postgres` };
}

function natsServer(
  found: FoundServer,
  { state, ports, secrets }: ServersOptions,
): { spec: ProcessSpec | null; access: Servers['nats'] } {
  if (found.kind === 'given') return { spec: null, access: givenNats(found.url) };
  const port = ports['nats']!;
  const passwords = Object.fromEntries(
    [ADMIN_USER, ...owners].map((name) => [name, secrets.natsPasswords[name]!]),
  ) as Record<Owner | typeof ADMIN_USER, string>;
  const config = join(state.run, 'nats.conf');
  const storeDir = join(state.data, 'nats');
  writeFileWhole(config, natsServerConfig({ host: '127.0.0.1', port, storeDir, passwords }), 0o600);
  const spec: ProcessSpec = {
    name: 'nats',
    stage: 'server',
    command: found.installation.binary,
    args: ['-c', config],
    env: { ...found.installation.env },
    dependsOn: [],
    // The client port opens after JetStream has recovered its streams.
    ready: { kind: 'tcp', port },
    readyWithinMs: 60_000,
    stop: { signal: 'SIGTERM', graceMs: 15_000 },
    deathSignal: 'SIGTERM',
  };
  const userOf = (name: string): NatsUser => ({ user: name, password: secrets.natsPasswords[name] });
  return { spec, access: { url: `nats://127.0.0.1:${port}`, admin: userOf(ADMIN_USER), userOf } };
}

/** Somebody else's server: its users are its owner's business, so every service uses the one that the URL names. */
function givenNats(text: string): Servers['nats'] {
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = url.href.replace(/\/$/, '');
  const userOf = (name: string): NatsUser =>
    username === ''
      ? { user: name, password: undefined }
      : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { url: plain, admin: userOf(ADMIN_USER), userOf };
}

export const haproxyTitle = (installation: Installation) => `${programs.haproxy.title} ${installation.version}`;
