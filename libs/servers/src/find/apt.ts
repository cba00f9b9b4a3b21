import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Run } from '../run.ts';
import type { ServerName } from '../server.ts';
import { firstLine, type Candidate } from './check-installation.ts';
import { aptNamesToUnpack, missingLibraries } from './apt-packages.ts';
import { programs } from './programs.ts';

export interface AptContext {
  readonly run: Run;
  readonly cacheDir: string;
  /** `debian-12-x64`. */
  readonly platformId: string;
  readonly root: boolean;
  readonly say: (step: string, message: string) => void;
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

interface Apt {
  get(args: readonly string[], cwd?: string): ReturnType<Run>;
  cache(args: readonly string[]): ReturnType<Run>;
  update(): Promise<void>;
}

/** apt-get with package lists: the system's, or without root and lists, a private copy in the cache. */
async function preparedApt(context: AptContext): Promise<Apt> {
  const lists = join(context.cacheDir, 'apt', 'lists');
  const archives = join(context.cacheDir, 'apt', 'cache');
  const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  let usesOwn = !context.root && existsSync(join(lists, 'partial'));
  const options = () => (usesOwn ? own : []);
  const sandbox = context.root ? ['-o', 'APT::Sandbox::User=root'] : [];
  const get: Apt['get'] = (args, cwd) =>
    context.run('apt-get', [...options(), ...sandbox, ...args], {
      timeoutMs: 180_000,
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
  if (!usesOwn && !hasLists('/var/lib/apt/lists')) await update();
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
  const candidate = programIn(server, dirname(root));
  if (candidate === null) throw new WayFailed(`the package holds no ${programs[server].binaries[0]}`);
  const files = [candidate.binary, ...programs[server].companions.map((name) => join(dirname(candidate.binary), name))];
  const outputs = await Promise.all(files.map((file) => context.run('ldd', [file], { env: candidate.env ?? {} })));
  return [...new Set(outputs.flatMap((output) => missingLibraries(output.stdout)))];
}

/** The program below `<folder>/root`, with the library folders that lie there. */
function programIn(server: ServerName, folder: string): Candidate | null {
  const root = join(folder, 'root');
  if (!existsSync(root)) return null;
  const postgresFolders = list(join(root, 'usr/lib/postgresql')).map((version) => `usr/lib/postgresql/${version}/bin`);
  const folders = [...postgresFolders, 'usr/bin', 'usr/sbin', 'bin', 'sbin'];
  for (const name of programs[server].binaries)
    for (const place of folders) {
      const binary = join(root, place, name);
      if (!existsSync(binary)) continue;
      const libraries = libraryFolders(root);
      const env: Record<string, string> = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') };
      return { binary, source: 'apt-unpacked', env };
    }
  return null;
}

function libraryFolders(root: string): string[] {
  return ['usr/lib', 'lib'].flatMap((place) => {
    const base = join(root, place);
    const folders = [base, ...list(base).map((name) => join(base, name))];
    return folders.filter((folder) => isFolder(folder) && list(folder).some((name) => /\.so(\.|$)/.test(name)));
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const policyFile = '/usr/sbin/policy-rc.d';

/**
 * Installs the package with apt, as root. The package's own service is kept from starting, so that no system service
 * appears beside Gitway's private one.
 */
export async function installWithApt(server: ServerName, context: AptContext): Promise<string> {
  const apt = await preparedApt(context);
  const [name = ''] = programs[server].apt;
  const forbidsStart = !existsSync(policyFile);
  if (forbidsStart) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    context.say('install', `installing ${name} with apt-get`);
    const result = await apt.get(['install', '-y', '--no-install-recommends', name]);
    if (result.code !== 0) throw new WayFailed(`apt-get install ${name} failed: ${firstLine(result.stderr)}`);
  } finally {
    if (forbidsStart && readFileSync(policyFile, 'utf8').includes('exit 101')) rmSync(policyFile, { force: true });
  }
  const postgres = list('/usr/lib/postgresql')
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .reverse();
  for (const binary of programs[server].binaries)
    for (const folder of [...postgres, '/usr/bin', '/usr/sbin'])
      if (existsSync(join(folder, binary))) return join(folder, binary);
  throw new WayFailed(`${name} is installed and holds no ${programs[server].binaries[0]}`);
}
