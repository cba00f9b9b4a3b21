import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInputError } from '@gitway/errors';
import pg from 'pg';
import { ServerFailedError } from '../errors.ts';
import { copyTree } from '../find/npm-postgres.ts';
import { freePort } from '../port.ts';
import { run } from '../run.ts';
import type { Installation, OnProgress } from '../server.ts';
import { startPrivateChild, untilReady, type RunningServer } from './private-child.ts';
import { makePrivateFolder, reachableFolder, reachableRoots, unprivilegedUser, type User } from './unprivileged.ts';

export interface StartPostgresOptions {
  readonly installation: Installation;
  /** Created on the first start; may become a link (see `reachableFolder`). */
  readonly dataDir: string;
  readonly logFile: string;
  /** Of the superuser `user`, set when the data is created; asked for ever after (SCRAM). */
  readonly password: string;
  readonly user?: string;
  readonly port?: number;
  /** False for tests: nothing is flushed to disk, little memory is taken. */
  readonly durable?: boolean;
  /** Further settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onProgress?: OnProgress;
}

export interface RunningPostgres extends RunningServer {
  readonly port: number;
  /** Superuser's URL of the database `postgres`; holds the password. */
  readonly adminUrl: string;
  readonly url: string;
}

export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const { password, logFile, user = 'gitway', durable = true } = options;
  const say = (step: string, message: string) => options.onProgress?.({ server: 'postgres', step, message });
  const { installation, dataDir, owner } = await preparePostgres(options);
  await waitForPredecessor(dataDir, logFile);

  const port = options.port ?? (await freePort());
  const settings = { ...baseSettings(port), ...(durable ? {} : testSettings), ...options.settings };
  say('start', `starting PostgreSQL ${installation.version} on port ${port}`);
  const adminUrl = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const start = async () => {
    const process = startPrivateChild({
      server: 'postgres',
      command: installation.binary,
      args: ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      env: installation.env,
      cwd: dataDir,
      logFile,
      user: owner === null ? undefined : { uid: owner.uid, gid: owner.gid },
      // Fast shutdown; SIGTERM would wait for clients to leave.
      stopSignal: 'SIGINT',
    });
    await untilReady(process, () => answers(adminUrl, logFile), 60_000);
    return process;
  };
  const process = await retryWhileOrphansLeave(start);
  say('ready', `PostgreSQL listens on 127.0.0.1:${port}`);
  return { ...process, port, adminUrl, url: adminUrl };
}

export interface PreparePostgresOptions extends Pick<
  StartPostgresOptions,
  'installation' | 'dataDir' | 'logFile' | 'password' | 'user' | 'durable' | 'onProgress'
> {}

export interface PreparedPostgres {
  /** The same program, or a copy of it that `owner` can reach. */
  readonly installation: Installation;
  /** Where the data really is. */
  readonly dataDir: string;
  /** Whom it must run as; null for the present user. */
  readonly owner: User | null;
}

/** Chooses the user, makes program and data reachable for it, and creates the data on the first start. */
export async function preparePostgres(options: PreparePostgresOptions): Promise<PreparedPostgres> {
  const say = (step: string, message: string) => options.onProgress?.({ server: 'postgres', step, message });
  const owner = unprivilegedUser();
  const installation = owner === null ? options.installation : await reachableProgram(options.installation, owner, say);
  let { dataDir } = options;
  if (owner !== null) {
    const place = await reachableFolder(dataDir, owner, run);
    if (place.relocated)
      say('relocate', `${dataDir} is kept in ${place.folder}, where the user ${owner.name} can reach it`);
    dataDir = place.folder;
  }
  const versionFile = join(dataDir, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (installation.version.split('.')[0] !== version)
      throw new InvalidInputError(
        'postgres-data-of-other-version',
        `${options.dataDir} was made by PostgreSQL ${version}, and ${installation.binary} is ${installation.version}: ` +
          `install PostgreSQL ${version}, or forget the data with "npm run reset".`,
      );
    if (owner !== null) await giveTo(owner, dataDir);
    return { installation, dataDir, owner };
  }
  say('create', `creating a PostgreSQL ${installation.version} database in ${dataDir}`);
  await initialise(installation, dataDir, owner, options);
  return { installation, dataDir, owner };
}

/** Data made by another user (an earlier start as somebody else) is handed over: Postgres insists on owning it. */
async function giveTo(owner: User, dataDir: string): Promise<void> {
  if (statSync(dataDir).uid === owner.uid) return;
  await run('chown', ['-R', '-h', `${owner.uid}:${owner.gid}`, dataDir]);
}

async function reachableProgram(
  installation: Installation,
  owner: User,
  say: (step: string, message: string) => void,
): Promise<Installation> {
  const works = async (binary: string, env: Readonly<Record<string, string>>) =>
    (await run(binary, ['--version'], { env, uid: owner.uid, gid: owner.gid })).code === 0;
  if (await works(installation.binary, installation.env)) return installation;
  // <tree>/bin/postgres in the npm package; <tree>/usr/lib/postgresql/15/bin/postgres where a package was unpacked.
  const bin = dirname(realpathSync(installation.binary));
  const tree = installation.source === 'apt-unpacked' ? join(bin, '../../../../..') : dirname(bin);
  for (const root of reachableRoots) {
    const copy = join(root, `postgresql-${installation.source}-${installation.version}`);
    try {
      copyTree(tree, copy);
    } catch {
      continue;
    }
    const moved = (path: string) => (path.startsWith(tree) ? copy + path.slice(tree.length) : path);
    const env = Object.fromEntries(
      Object.entries(installation.env).map(([name, value]) => [name, value.split(':').map(moved).join(':')]),
    );
    const binary = moved(join(bin, 'postgres'));
    if (!(await works(binary, env))) continue;
    say('relocate', `PostgreSQL is copied to ${copy}, where the user ${owner.name} can reach it`);
    return { ...installation, binary, env };
  }
  throw new Error(`the user ${owner.name} cannot run ${installation.binary}`);
}

/** Creates the data in a draft folder, so that an interrupted start leaves nothing half made. */
async function initialise(
  installation: Installation,
  dataDir: string,
  owner: User | null,
  options: PreparePostgresOptions,
): Promise<void> {
  const draft = `${dataDir}.${randomUUID().slice(0, 8)}`;
  const passwordFile = `${draft}.password`;
  try {
    makePrivateFolder(draft, owner);
    writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (owner !== null) chownSync(passwordFile, owner.uid, owner.gid);
    const result = await run(
      join(dirname(installation.binary), 'initdb'),
      [
        ...['-D', draft, '-U', options.user ?? 'gitway', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
        ...['--encoding=UTF8', '--locale=C'],
        ...(options.durable === false ? ['--no-sync', '--wal-segsize=1'] : []),
      ],
      { env: installation.env, timeoutMs: 120_000, ...(owner === null ? {} : { uid: owner.uid, gid: owner.gid }) },
    );
    if (result.code !== 0) {
      writeFileSync(options.logFile, `${result.stdout}${result.stderr}\n`, { flag: 'a' });
      throw new ServerFailedError('postgres', `initdb exited with code ${result.code}.`, options.logFile);
    }
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(draft, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function baseSettings(port: number): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '300',
    jit: 'off',
    timezone: 'UTC',
  };
}

/** A crash of Postgres loses nothing committed all the same; a crash of the machine may. */
const testSettings: Record<string, string> = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_wal_size: '64MB',
  min_wal_size: '4MB',
  max_connections: '100',
  autovacuum: 'off',
};

/** A server whose parent was killed takes a moment to leave; a second one on the same data would fail. */
async function waitForPredecessor(dataDir: string, logFile: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const pid = predecessor(dataDir);
    if (pid === null) return;
    if (Date.now() > deadline)
      throw new ServerFailedError('postgres', `Another PostgreSQL (process ${pid}) uses ${dataDir}.`, logFile);
    await delay(50);
  }
}

/** After a kill -9 of Postgres its backends take a moment to notice, and hold the shared memory until then. */
async function retryWhileOrphansLeave<T>(start: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const leaving = error instanceof ServerFailedError && error.message.includes('pre-existing shared memory block');
      if (!leaving || Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}

function predecessor(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return null;
    process.kill(pid, 0);
    // A process id may have been given to another program since; where the system tells, believe it.
    const command = existsSync('/proc/self/comm') ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : 'postgres';
    const defunct = existsSync('/proc/self/stat') && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return command === 'postgres' && !defunct ? pid : null;
  } catch {
    return null;
  }
}

async function answers(adminUrl: string, logFile: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01')
      throw new ServerFailedError(
        'postgres',
        'PostgreSQL refused the password: its data was made with another one. Forget the data with "npm run reset".',
        logFile,
        { cause: error },
      );
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
