#!/usr/bin/env node
/**
 * Completes package-lock.json after a change of dependencies: `node tools/lock-optional.mjs [--check | --resolve]`.
 *
 * npm leaves out optional packages that a registry does not hand out (binaries of other platforms), and `npm ci` then
 * refuses the lock. This adds an entry for each, with the platform that its name tells, brings the entries of the
 * workspaces up to their package.json, and removes download addresses, so that the lock works with every registry.
 * `--check` changes nothing and exits with 1 when something would change.
 * `--resolve` lets npm work out changed dependencies first, on a copy of the manifests, so node_modules stays as it is.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const systems = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', gnueabi: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** `{os, cpu, libc?}` by the words of a package name, or null when it names no platform. */
export function platformOf(name) {
  if (name === 'fsevents') return { os: ['darwin'] };
  const words = name.split(/[/-]/);
  const os = words.map((word) => systems[word]).find((word) => word !== undefined);
  const cpu = words.find((word) => processors.includes(word));
  if (os === undefined || cpu === undefined) return null;
  const libc = os === 'linux' ? words.map((word) => libraries[word]).find((word) => word !== undefined) : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** The lock key under which a package at `from` finds `name`, or null. */
export function resolveKey(packages, from, name) {
  for (let folder = from; ; folder = parentFolder(folder)) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[key] !== undefined) return key;
    if (folder === '') return null;
  }
}

function parentFolder(folder) {
  const at = folder.lastIndexOf('node_modules/');
  return at <= 0 ? '' : folder.slice(0, at - 1);
}

/** The one version that an exact or caret range of a lock names: `^1.2.3` → `1.2.3`. */
function versionOf(range, name) {
  const version = /^[\^~=]?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/.exec(range)?.[1];
  if (version === undefined) throw new Error(`${name}: the range ${range} does not name one version`);
  return version;
}

/** Adds what npm left out. Returns the keys added; throws when a package's platform cannot be told. */
export function addMissingOptional(packages) {
  const added = [];
  for (const [from, entry] of Object.entries(packages))
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const present = resolveKey(packages, from, name);
      const exact = /^\d/.test(range);
      if (present !== null && !exact) continue;
      const version = versionOf(range, name);
      if (present !== null && packages[present].version === version) continue;
      const platform = platformOf(name);
      if (platform === null)
        throw new Error(`${name}, optional for ${from || 'the workspace'}, is not in the lock and names no platform`);
      const root = `node_modules/${name}`;
      const key = packages[root] === undefined ? root : `${from}/${root}`;
      packages[key] = {
        version,
        ...(platform.cpu === undefined ? {} : { cpu: platform.cpu }),
        ...(entry.dev ? { dev: true } : {}),
        ...(entry.devOptional ? { devOptional: true } : {}),
        ...(platform.libc === undefined ? {} : { libc: platform.libc }),
        ...(entry.peer ? { peer: true } : {}),
        optional: true,
        os: platform.os,
      };
      added.push(key);
    }
  return added;
}

/** Removes the addresses that packages were downloaded from; links to workspaces stay. */
export function removeAddresses(packages) {
  const cleaned = [];
  for (const [key, entry] of Object.entries(packages))
    if (entry.resolved !== undefined && entry.link !== true) {
      delete entry.resolved;
      cleaned.push(key);
    }
  return cleaned;
}

const fieldsOfWorkspace = [
  'workspaces',
  'name',
  'version',
  'license',
  'bin',
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
  'engines',
];

/** What the lock says of a workspace, from its package.json. */
export function workspaceEntry(manifest) {
  const entry = {};
  for (const field of fieldsOfWorkspace) {
    const value = manifest[field];
    if (value === undefined) continue;
    if (/dependencies$/i.test(field) && Object.keys(value).length === 0) continue;
    if (field === 'bin') entry[field] = mapValues(value, (file) => file.replace(/^\.\//, ''));
    else if (/dependencies$/i.test(field)) entry[field] = sortedByKey(value);
    else entry[field] = value;
  }
  return entry;
}

function mapValues(value, change) {
  return typeof value === 'string'
    ? change(value)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

function sortedByKey(value) {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/** Brings the workspaces' entries up to date. Throws when one needs a package that only npm can add. */
export function syncWorkspaces(packages, manifests) {
  const changed = [];
  for (const [folder, manifest] of Object.entries(manifests)) {
    const entry = workspaceEntry(manifest);
    if (folder !== '') packages[`node_modules/${manifest.name}`] ??= { resolved: folder, link: true };
    const known = packages[folder] ?? {};
    const stale = Object.keys({ ...known, ...entry }).some(
      (field) => fieldsOfWorkspace.includes(field) && JSON.stringify(known[field]) !== JSON.stringify(entry[field]),
    );
    if (!stale) continue;
    const kept = Object.fromEntries(Object.entries(known).filter(([field]) => !fieldsOfWorkspace.includes(field)));
    packages[folder] = { ...entry, ...kept };
    changed.push(folder);
  }
  for (const [folder, manifest] of Object.entries(manifests))
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
      assertInLock(packages, folder, name, manifest.dependencies?.[name] ?? manifest.devDependencies[name]);
  return changed;
}

function assertInLock(packages, folder, name, range) {
  const key = resolveKey(packages, folder, name);
  const version = key === null ? undefined : packages[key].version;
  const exact = /^\d/.test(range);
  if (key !== null && (!exact || version === range)) return;
  throw new Error(
    `${folder || 'package.json'} needs ${name} ${range}, and the lock holds ${version ?? 'none'}: ` +
      'run this with --resolve, or "npm install" and then this again',
  );
}

const firstFields = ['name', 'version', 'resolved', 'integrity', 'dependencies'];

/** Fields in npm's order, so that npm changes nothing: plain values, then objects; known names first, then by name. */
function inNpmOrder(entry) {
  const rank = (field) => {
    const at = firstFields.indexOf(field);
    return at < 0 ? firstFields.length : at;
  };
  const isObject = (value) => typeof value === 'object' && !Array.isArray(value);
  return Object.fromEntries(
    Object.entries(entry).sort(
      ([a, valueA], [b, valueB]) =>
        isObject(valueA) - isObject(valueB) || rank(a) - rank(b) || a.localeCompare(b, 'en'),
    ),
  );
}

function sortedPackages(packages) {
  return mapValues(sortedByKey(packages), inNpmOrder);
}

function readManifests(root) {
  const read = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const manifest = read('');
  const folders = manifest.workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
  const present = folders.filter((folder) => existsSync(join(root, folder, 'package.json')));
  return { '': manifest, ...Object.fromEntries(present.map((folder) => [folder, read(folder)])) };
}

/** The lock that npm makes of these manifests and the present lock. */
function resolveWithNpm(root, manifests) {
  const copy = mkdtempSync(join(tmpdir(), 'gitway-lock-'));
  try {
    cpSync(join(root, 'package-lock.json'), join(copy, 'package-lock.json'));
    for (const [folder, manifest] of Object.entries(manifests)) {
      mkdirSync(join(copy, folder), { recursive: true });
      writeFileSync(join(copy, folder, 'package.json'), JSON.stringify(manifest));
    }
    const npm = spawnSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: copy,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (npm.status !== 0) throw new Error(`npm install --package-lock-only exited with ${npm.status}`);
    return JSON.parse(readFileSync(join(copy, 'package-lock.json'), 'utf8'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function main(args) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const file = join(root, 'package-lock.json');
  const manifests = readManifests(root);
  const lock = args.includes('--resolve') ? resolveWithNpm(root, manifests) : JSON.parse(readFileSync(file, 'utf8'));
  const synced = syncWorkspaces(lock.packages, manifests);
  const added = addMissingOptional(lock.packages);
  const cleaned = removeAddresses(lock.packages);
  if (synced.length + added.length + cleaned.length === 0 && !args.includes('--resolve')) {
    console.log('package-lock.json is complete.');
    return 0;
  }
  const summary =
    `${added.length} optional entries to add, ${cleaned.length} addresses to remove, ` +
    `${synced.length} workspaces to update`;
  if (args.includes('--check')) {
    console.error(`package-lock.json: ${summary}. Run "node tools/lock-optional.mjs".`);
    return 1;
  }
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sortedPackages(lock.packages) }, null, 2)}\n`);
  console.log(`package-lock.json: ${summary}: done.`);
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(`lock-optional: ${error.message}`);
    process.exitCode = 3;
  }
