import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Run } from '../run.ts';
import type { ServerName } from '../server.ts';
import { firstLine, type Candidate } from './check-installation.ts';
import { aptNamesToUnpack, missingLibraries } from './apt-packages.ts';
import { programs } from './programs.ts';
import { libraryFolders, programIn, unpackedBinary } from './unpacked.ts';

export interface AptContext {
  readonly run: Run;
  readonly cacheDir: string;
  /** `debian-12-x64`. */
  readonly platformId: string;
  readonly root: boolean;
  readonly say: (step: string, message: string) => void;
  /** Where the system keeps its package lists. */
  readonly systemLists?: string;
  /** What says whether a package may start its service. */
  readonly policyFile?: string;
}

/** Why a way came to nothing; the next one is tried. */
export class WayFailed extends Error {}

/**
 * Unpacks the Debian package of a server into the cache, with the library packages that this machine lacks, and
 * returns its program. Needs no root and changes nothing outside the cache.
 */
export async function unpackFromApt(server: ServerName, context: AptContext): Promise<Candidate> {
  const target = join(context.cacheDir, `${server}-${context.platformId}`);
  const cached = programIn(server, target);
  if (cached !== null) return cached;
  rmSync(target, { recursive: true, force: true });

  const draft = `${target}.${randomUUID()}`;
  const debs = join(draft, 'debs');
  const root = join(draft, 'root');
  mkdirSync(debs, { recursive: true });
  mkdirSync(root);
  try {
    const apt = await preparedApt(context);
    const names = await mainPackages(server, apt);
    context.say('download', `downloading ${names.join(', ')} with apt-get`);
    await download(names, debs, apt, context);
    await unpack(debs, root, context);
    await completeLibraries(server, names, { debs, root }, apt, context);
    rmSync(debs, { recursive: true, force: true });
    publish(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const found = programIn(server, target);
  if (found === null) throw new WayFailed(`the packages hold no ${programs[server].binaries[0]}`);
  return found;
}

/** Forgets what was unpacked before, so that the next search downloads it again. */
export function forgetUnpacked(server: ServerName, context: Pick<AptContext, 'cacheDir' | 'platformId'>): void {
  rmSync(join(context.cacheDir, `${server}-${context.platformId}`), { recursive: true, force: true });
}

function publish(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another process was faster; what it unpacked is the same.
    if (!existsSync(target)) throw error;
  }
}

export interface Apt {
  get(args: readonly string[], cwd?: string): ReturnType<Run>;
  cache(args: readonly string[]): ReturnType<Run>;
  update(): Promise<void>;
}

/** apt-get with package lists: the system's, or without root and lists, a private copy in the cache. */
export async function preparedApt(context: AptContext): Promise<Apt> {
  const lists = join(context.cacheDir, 'apt', 'lists');
  const archives = join(context.cacheDir, 'apt', 'cache');
  const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  let usesOwn = !context.root && existsSync(join(lists, 'partial'));
  const options = () => (usesOwn ? own : []);
  const sandbox = context.root ? ['-o', 'APT::Sandbox::User=root'] : [];
  const get: Apt['get'] = (args, cwd) =>
    context.run('apt-get', [...options(), ...sandbox, ...args], {
      timeoutMs: 600_000,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      ...(cwd === undefined ? {} : { cwd }),
    });
  const update = async () => {
    if (!context.root) {
      usesOwn = true;
      mkdirSync(join(lists, 'partial'), { recursive: true });
      mkdirSync(join(archives, 'archives', 'partial'), { recursive: true });
    }
    context.say('update', 'reading the package lists with apt-get update');
    const result = await get(['update']);
    if (result.code !== 0) throw new WayFailed(`apt-get update failed: ${firstLine(result.stderr)}`);
  };
  if (!usesOwn && !hasLists(context.systemLists ?? '/var/lib/apt/lists')) await update();
  const cache: Apt['cache'] = (args) => context.run('apt-cache', [...options(), ...args]);
  return { get, cache, update };
}

function hasLists(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => /_Packages(\.\w+)?$/.test(name));
  } catch {
    return false;
  }
}

/** The packages that hold the program. `postgresql` only points at the one with a version in its name. */
async function mainPackages(server: ServerName, apt: Apt): Promise<string[]> {
  const [first = '', ...rest] = programs[server].apt;
  if (server !== 'postgres') return [first, ...rest];
  const depends = await apt.cache(['depends', '--important', first]);
  const versioned = /Depends:\s+(postgresql-\d+)/.exec(depends.stdout)?.[1];
  if (versioned === undefined) throw new WayFailed(`apt-cache knows no package ${first}`);
  return [versioned, ...rest];
}

async function download(names: readonly string[], folder: string, apt: Apt, context: AptContext): Promise<void> {
  let result = await apt.get(['download', ...names], folder);
  if (result.code !== 0) {
    // Lists that are older than the archive name files that are gone.
    context.say('download', `apt-get download failed (${firstLine(result.stderr)}); refreshing the package lists`);
    await apt.update();
    result = await apt.get(['download', ...names], folder);
  }
  if (result.code !== 0) throw new WayFailed(`apt-get download ${names.join(' ')} failed: ${firstLine(result.stderr)}`);
}

async function unpack(debs: string, root: string, context: AptContext): Promise<void> {
  for (const name of readdirSync(debs).filter((file) => file.endsWith('.deb'))) {
    context.say('unpack', `unpacking ${name}`);
    const result = await context.run('dpkg', ['-x', join(debs, name), root], { timeoutMs: 120_000 });
    if (result.code !== 0) throw new WayFailed(`dpkg -x ${name} failed: ${firstLine(result.stderr)}`);
    rmSync(join(debs, name));
  }
}

/** Downloads the library packages that apt would install with the server, when ldd says that libraries are missing. */
async function completeLibraries(
  server: ServerName,
  names: readonly string[],
  folders: { debs: string; root: string },
  apt: Apt,
  context: AptContext,
): Promise<void> {
  const missing = await missingIn(server, folders.root, context);
  if (missing.length === 0) return;
  const simulation = await apt.get(['install', '-s', '--no-install-recommends', ...names]);
  if (simulation.code !== 0)
    throw new WayFailed(`apt-get cannot resolve what ${names.join(', ')} needs: ${firstLine(simulation.stderr)}`);
  const libraries = aptNamesToUnpack(simulation.stdout, names);
  if (libraries.length > 0) {
    context.say('download', `downloading the libraries ${libraries.join(', ')}`);
    await download(libraries, folders.debs, apt, context);
    await unpack(folders.debs, folders.root, context);
  }
  const still = await missingIn(server, folders.root, context);
  if (still.length > 0) throw new WayFailed(`libraries are missing: ${still.join(', ')}`);
}

async function missingIn(server: ServerName, root: string, context: AptContext): Promise<string[]> {
  const binary = unpackedBinary(server, root);
  if (binary === null) throw new WayFailed(`the package holds no ${programs[server].binaries[0]}`);
  const files = [binary, ...programs[server].companions.map((name) => join(dirname(binary), name))];
  const env = { LD_LIBRARY_PATH: libraryFolders(root).join(':') };
  const outputs = await Promise.all(files.map((file) => context.run('ldd', [file], { env })));
  return [...new Set(outputs.flatMap((output) => missingLibraries(output.stdout)))];
}
