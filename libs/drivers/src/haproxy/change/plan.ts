import { mapEntries } from '../map-file.ts';
import type { PoolServer } from '../pools/index.ts';
import type { Act, ServerToAdd } from './act.ts';
import type { Image, ImageBackend, Placement, ProcessState } from './image.ts';
import { isAddress } from './addresses.ts';
import { MOST_BYTES } from './commands.ts';

/** What a running process has. */
export interface Running {
  readonly image: Image;
  readonly process: ProcessState;
}

export type Placing = { readonly placement: Placement } | { readonly reload: string };

/**
 * Where the wanted backends can stand in the running process.
 *
 * An API whose calls are treated in another way and sent elsewhere takes an empty backend of its kind, so that one
 * entry of the route switches both at once. One that only one of both is changed of stays where it is.
 */
export function place({ image, process }: Running, wanted: Image): Placing {
  if (image.head !== wanted.head) return { reload: 'what all APIs share has changed' };
  for (const name of wanted.maps.keys()) {
    if (process.maps[name] === undefined) return { reload: `the process does not know the map ${name}` };
  }
  for (const { file, text } of newCertificates({ image, process }, wanted)) {
    if (file === undefined) return { reload: 'the process does not know a certificate' };
    if (Buffer.byteLength(text) > MOST_BYTES) return { reload: `${file} is too long to be told` };
  }
  const free = new Map(Object.entries(process.free));
  const placement = new Map<string, string>();
  const moving: ImageBackend[] = [];
  for (const backend of wanted.backends.values()) {
    const has = image.backends.get(backend.own);
    if (has === undefined || !canStay(has, backend)) moving.push(backend);
    else if (has.name !== backend.own) placement.set(backend.own, has.name);
  }
  for (const backend of moving) {
    const named = backend.servers.find(({ host }) => !isAddress(host));
    // A server that is added at run time has an address; a name is looked up when a configuration is loaded.
    if (named !== undefined) return { reload: `${backend.own} has a target by name` };
    const fixed = backend.servers.some((server) => server.fixed);
    if (fixed) return { reload: `${backend.own} has targets with settings that only a file can hold` };
    const name = takeFree(free, backend);
    if (name === null) return { reload: `no empty backend is left for ${backend.own}` };
    if (name !== backend.own) placement.set(backend.own, name);
  }
  return { placement };
}

/** Its own name when that is free again, else a spare; names of other APIs are never borrowed. */
function takeFree(free: Map<string, string>, { own, kind, movable }: ImageBackend): string | null {
  if (free.get(own) === kind) return taken(free, own);
  if (!movable) return null;
  for (const [name, of] of free) if (of === kind && name.startsWith('spare.')) return taken(free, name);
  return null;
}

function taken(free: Map<string, string>, name: string): string {
  free.delete(name);
  return name;
}

function canStay(has: ImageBackend, wanted: ImageBackend): boolean {
  if (has.kind !== wanted.kind) return false;
  return sameServers(has.servers, wanted.servers) || (has.treatment === wanted.treatment && sameTargets(has, wanted));
}

const sameServers = (a: readonly PoolServer[], b: readonly PoolServer[]) =>
  a.length === b.length && a.every((server, index) => same(server, b[index]) && server.weight === b[index]?.weight);

/** Only weights differ, which servers may be told while they serve. */
const sameTargets = (a: ImageBackend, b: ImageBackend) =>
  a.servers.length === b.servers.length && a.servers.every((server, index) => same(server, b.servers[index]));

const same = (a: PoolServer, b: PoolServer | undefined) =>
  b !== undefined && a.server === b.server && a.host === b.host && a.port === b.port && unweighted(a) === unweighted(b);

const unweighted = ({ settings }: PoolServer) => settings.replace(/\bweight \d+ ?/, '');

export interface Change {
  /** May fail without harm: nothing that they make is asked for yet. */
  readonly prepare: readonly Act[];
  /** Switch from the old to the new; the mark of the snapshot comes last. */
  readonly commit: readonly Act[];
  /** The process when all of it is done. */
  readonly process: ProcessState;
}

const LAST = 'marker';
/** From so many changed entries on, a map under fixed keys is replaced as a whole, which is one act as well. */
const REPLACE_FROM = 500;

/** The acts from what runs to an image with the placement that `place` found. */
export function changeOf({ image, process }: Running, wanted: Image): Change {
  const prepare: Act[] = [];
  const commit: Act[] = [];
  const last: Act[] = [];
  const free = { ...process.free };
  const leaving = [...process.leaving];
  for (const backend of wanted.backends.values()) {
    const has = image.backends.get(backend.own);
    if (has?.name === backend.name) {
      backend.servers.forEach(({ server, weight }, index) => {
        if (has.servers[index]?.weight !== weight) {
          commit.push({ kind: 'server-weight', backend: backend.name, server, weight });
        }
      });
      continue;
    }
    delete free[backend.name];
    for (const server of backend.servers) prepare.push({ kind: 'server-add', server: toAdd(server) });
  }
  for (const backend of image.backends.values()) {
    if (wanted.backends.get(backend.own)?.name === backend.name) continue;
    const servers = backend.servers.map(({ server }) => server);
    leaving.push({ backend: backend.name, kind: backend.kind, servers });
  }
  for (const { file, text } of newCertificates({ image, process }, wanted)) {
    if (file !== undefined) commit.push({ kind: 'certificate-set', file, text });
  }
  const stray: Record<string, Record<string, string>> = {};
  for (const [map, entries] of Object.entries(process.stray)) stray[map] = { ...entries };
  for (const name of new Set([...image.maps.keys(), ...wanted.maps.keys()])) {
    const path = process.maps[name];
    if (path === undefined) continue;
    const difference = differenceOf(image, wanted, name);
    if ((wanted.maps.get(name) ?? image.maps.get(name))?.fixed === true) {
      const acts = fixedActs(path, difference, () => allOf(wanted, name));
      (name === LAST ? last : commit).push(...acts);
    } else {
      versionedActs(path, difference, (stray[name] ??= {}), prepare, commit);
    }
  }
  for (const [name, entries] of Object.entries(stray)) if (Object.keys(entries).length === 0) delete stray[name];
  return { prepare, commit: [...commit, ...last], process: { ...process, free, leaving, stray } };
}

const toAdd = ({ backend, server, host, port, settings }: PoolServer): ServerToAdd => ({
  backend,
  server,
  host,
  port,
  settings,
  checked: /(^| )check /.test(settings),
});

function newCertificates({ image, process }: Running, wanted: Image): { file: string | undefined; text: string }[] {
  return [...wanted.certificates]
    .filter(([name, { text }]) => image.certificates.get(name)?.text !== text)
    .map(([name, { text }]) => ({ file: process.maps[name], text }));
}

interface Difference {
  readonly added: ReadonlyMap<string, string>;
  readonly removed: ReadonlyMap<string, string>;
}

/**
 * Keys of these begin with a digest of the whole piece, so that no two pieces share one; nor do pieces of maps under
 * fixed keys, since `check` refuses two claims to one. They are the large maps.
 */
const APART: ReadonlySet<string> = new Set(['operations', 'slots']);

/** Entries by pieces: a piece that both have is not looked into, unless another may share a key with it. */
function differenceOf(image: Image, wanted: Image, name: string): Difference {
  const had = image.maps.get(name)?.chunks ?? new Set<string>();
  const has = wanted.maps.get(name)?.chunks ?? new Set<string>();
  const fresh = [...has].filter((chunk) => !had.has(chunk));
  const gone = [...had].filter((chunk) => !has.has(chunk));
  const added = mapEntries(fresh.join(''));
  const removed = mapEntries(gone.join(''));
  const apart = APART.has(name) || (wanted.maps.get(name) ?? image.maps.get(name))?.fixed === true;
  if (fresh.length + gone.length > 0 && !apart) {
    const kept = mapEntries([...has].filter((chunk) => had.has(chunk)).join(''));
    for (const key of [...added.keys(), ...removed.keys()]) {
      if (!kept.has(key)) continue;
      added.delete(key);
      removed.delete(key);
    }
  }
  return { added, removed };
}

const allOf = (image: Image, name: string) => mapEntries([...(image.maps.get(name)?.chunks ?? [])].join(''));

function fixedActs(path: string, { added, removed }: Difference, all: () => ReadonlyMap<string, string>): Act[] {
  const fresh = [...added].filter(([key]) => !removed.has(key));
  const other = [...added].filter(([key, value]) => removed.has(key) && removed.get(key) !== value);
  const gone = [...removed.keys()].filter((key) => !added.has(key));
  if (fresh.length + other.length + gone.length >= REPLACE_FROM) {
    return [{ kind: 'map-replace', path, entries: [...all()] }];
  }
  return [
    ...other.map(([key, value]): Act => ({ kind: 'map-set', path, key, value })),
    ...(fresh.length > 0 ? [{ kind: 'map-add', path, entries: fresh } as const] : []),
    ...gone.map((key): Act => ({ kind: 'map-delete', path, key })),
  ];
}

function versionedActs(
  path: string,
  { added, removed }: Difference,
  stray: Record<string, string>,
  prepare: Act[],
  commit: Act[],
): void {
  const fresh: [string, string][] = [];
  for (const [key, value] of added) {
    const there = stray[key] ?? removed.get(key);
    delete stray[key];
    if (there === undefined) fresh.push([key, value]);
    else if (there !== value) commit.push({ kind: 'map-set', path, key, value });
  }
  if (fresh.length > 0) prepare.push({ kind: 'map-add', path, entries: fresh });
  for (const [key, value] of removed) if (!added.has(key)) stray[key] = value;
}
