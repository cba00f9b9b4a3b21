import { digestOfBytes } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { RenderContext } from '../driver.ts';
import type { ApiFragment } from './api-fragment.ts';
import { authoritiesFiles, certificateFiles, certificateLists, type NamedFile } from './bind.ts';
import { BLOCK_MAPS, blockEntries } from './blocks.ts';
import type { Bound } from './listeners.ts';
import type { Image, ImageMap, Placement } from './change/image.ts';
import { spareCounts, spareNames } from './change/spares.ts';
import { type Common, defaultsLines, frontendLines, globalLines, peersLines } from './frontend.ts';
import { type MapFile, mapEntries, MapFiles, mapText } from './map-file.ts';
import {
  ADMIN_SOCKET,
  DEFAULTS,
  FRONTEND,
  MAIN_FILE,
  MAX_SOCKET_PATH,
  NO_SNAPSHOT,
  OWN_MAPS,
  SECRET_MAPS,
} from './names.ts';
import { once } from './once.ts';
import { USERLIST } from './policies/auth/basic.ts';
import type { SharedLines } from './policy.ts';
import type { HaproxyRendered } from './render.ts';
import { inOrder } from './routes.ts';
import { shortDigest } from './scope.ts';
import { safe } from './syntax.ts';
import { backendHead, placed, type WrittenApi } from './written.ts';

export type Entry = readonly [string, string];

/** Everything that a configuration is put together from. */
export interface Parts {
  readonly context: RenderContext;
  readonly apis: readonly WrittenApi[];
  readonly consumers: readonly ReadonlyMap<string, string>[];
  /** Lines of the list of users, for the APIs that ask for passwords. */
  readonly users: readonly string[];
  readonly listeners: readonly Bound[];
  readonly perListener: boolean;
  readonly trustedProxies: readonly string[];
}

/** Stands for the file's own digest while that is taken. */
const MARK = '@(mark)';
/** Stands in for every map where a configuration is only checked. */
export const EMPTY_MAP = 'maps/empty.map';

/** Texts are put together when somebody asks for them: to find out what a change takes, most are not needed. */
export function assemble(parts: Parts, placement: Placement): HaproxyRendered {
  const { context, consumers, listeners } = parts;
  const apis = placement.size === 0 ? parts.apis : parts.apis.map((api) => placed(api, placement));
  const kinds = new Map(apis.flatMap((api) => [...api.kinds]));
  const backends = apis.flatMap(({ image }) => image);
  const spares = spareNames(spareCounts(backends), new Set(placement.values()));
  const common = commonOf(parts, apis);
  const shapes = shapesOf(apis);
  const shared = new Map(
    [...apis.flatMap(({ files }) => files), ...authoritiesFiles(listeners)].map((file) => [file.path, file]),
  );
  const certificates = certificateFiles(listeners);
  const sections = [
    ['# Written by Gitway; changes made here are drift.'],
    globalLines(common),
    defaultsLines(),
    peersLines(common),
    ...common.shared('sections').map((line) => [line]),
    ...(asksForUsers(apis) ? [[`userlist ${USERLIST}`, ...parts.users]] : []),
  ];
  const top = sections.flatMap((section) => [...section, '']);
  const front = [...frontendLines(common), ''];
  const used = new Set([...top, ...front, ...shapes.flatMap(({ lines }) => lines)].flatMap(mapsIn));
  // Lists of certificates are named as maps are, and are none.
  for (const { name } of certificateLists(listeners)) used.delete(name);
  const maps = mapFiles(context, apis, consumers, used).filter(({ name }) => used.has(name));
  const lists = once(() => certificateLists(listeners).map((list) => listFile(list, certificates, context.dir)));
  const paths = once(() => new Map([...maps, ...lists()].map(({ name, path }) => [name, path])));

  const fixed = new Set([...FIXED, ...consumers.flatMap((texts) => [...texts.keys()])]);
  const image = once((): Image => ({
    head: shortDigest(
      [top, front, certificateLists(listeners), [...shared.values()].map(({ path, text }) => [path, text])],
      16,
    ),
    backends: new Map(backends.map((backend) => [backend.own, backend])),
    maps: new Map(maps.map((map) => [map.name, imageOf(map, fixed)])),
    certificates: new Map(
      certificates.map(({ name, path, text: pem }) => [name, { path: absolute(context.dir, path), text: pem }]),
    ),
    spares,
  }));
  const text = once(() => {
    const starts: { line: number; unit: string | null }[] = [];
    const head = [...top, ...front];
    for (const { lines, unit } of shapes) {
      starts.push({ line: head.length + 1, unit });
      head.push(...lines, '');
    }
    let line = head.length + 1;
    for (const api of apis) {
      starts.push({ line, unit: `api ${api.name}` });
      line += api.lineCount;
    }
    starts.push({ line, unit: null });
    const idle = [...spares].flatMap(([name, kind]) => [...backendHead(name, kinds.get(kind)), '']);
    const unmarked = [
      filled(head.join('\n'), (name) => paths().get(name)),
      ...apis.map((api) => api.text),
      idle.join('\n'),
    ];
    const whole = unmarked.join('\n');
    const mark = digestOfBytes(whole).slice('sha256-'.length, 'sha256-'.length + 16);
    return { starts, mark, main: whole.replace(MARK, mark) };
  });
  const files = once(
    () =>
      new Map([
        [MAIN_FILE, text().main],
        ...maps.map((map): Entry => [map.path, map.text]),
        ...[...shared.values(), ...certificates, ...lists()].map((file): Entry => [file.path, file.text]),
      ]),
  );
  const expected = once(() => ({
    servers: backends.flatMap(({ servers }) => servers),
    maps: new Map(maps.filter(({ name }) => !OWN_MAPS.has(name)).map((map) => [map.path, lazyEntries(map)])),
    secretFiles: new Set([
      ...maps.filter(({ name }) => SECRET_MAPS.has(name)).map(({ path }) => path),
      ...[...shared.values(), ...certificates].filter(({ secret }) => secret).map(({ path }) => path),
    ]),
    listeners: Object.fromEntries(listeners.map(({ name, address }) => [name, address])),
    secureListeners: new Set(listeners.flatMap(({ name, tls }) => (tls === null ? [] : [name]))),
    certificates: listeners.flatMap(({ tls }) => tls?.certificates ?? []),
    frontends: [FRONTEND],
  }));
  return {
    main: MAIN_FILE,
    get files() {
      return files();
    },
    get expected() {
      return expected();
    },
    get image() {
      return image();
    },
    get mark() {
      return text().mark;
    },
    unitAtLine: (at) => text().starts.findLast((start) => start.line <= at)?.unit ?? null,
    placed: (other) => assemble(parts, other),
    excerpt: (own) => excerpt(top, shapes, apis, own),
  };
}

function excerpt(
  top: readonly string[],
  shapes: readonly Section[],
  apis: readonly WrittenApi[],
  own: ReadonlySet<string>,
): string {
  const wanted = apis.filter(({ image }) => image.some((backend) => own.has(backend.own)));
  const named = new Set(wanted.map(({ shape }) => shape.name));
  const lines = [...top, ...shapes.filter(({ name }) => named.has(name)).flatMap((shape) => [...shape.lines, ''])];
  return [filled(lines.join('\n'), () => EMPTY_MAP), ...wanted.map(({ text }) => text)].join('\n');
}

/** A process knows a certificate by the path that it was loaded from, and `crt-base` would change any other. */
const absolute = (dir: string, path: string) => `${safeDirectory(dir)}/${path}`;

function listFile(
  { name, lines }: ReturnType<typeof certificateLists>[number],
  certificates: readonly NamedFile[],
  dir: string,
): NamedFile {
  const paths = new Map(certificates.map((file) => [file.name, absolute(dir, file.path)]));
  const text = `${filled(lines.join('\n'), (named) => paths.get(named))}\n`;
  const digest = digestOfBytes(text).slice('sha256-'.length, 'sha256-'.length + 16);
  return { name, path: `maps/${name}.${digest}.list`, text, secret: false };
}

interface Section {
  readonly name: string;
  readonly unit: string;
  readonly lines: readonly string[];
}

/** Shapes by name, each with the first API that has it. */
function shapesOf(apis: readonly WrittenApi[]): Section[] {
  const first = new Map(apis.toReversed().map((api) => [api.shape.name, api]));
  return [...first]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, api]) => ({
      name,
      unit: `api ${api.name}`,
      lines: [`defaults ${name} from ${DEFAULTS}`, ...api.shape.lines],
    }));
}

const FIXED = ['marker', 'routes', ...BLOCK_MAPS];

const imageOf = (map: MapFile, fixed: ReadonlySet<string>): ImageMap => ({
  get path() {
    return map.path;
  },
  chunks: map.chunks,
  fixed: fixed.has(map.name),
});

const MAP_NAME = /@\{([a-z0-9-]+)\}/g;

const mapsIn = (line: string): string[] =>
  line.includes('@{') ? [...line.matchAll(MAP_NAME)].map(([, name]) => name ?? '') : [];

const filled = (text: string, path: (name: string) => string | undefined) =>
  text.replace(MAP_NAME, (_all, name: string) => path(name) ?? '');

const asksForUsers = (apis: readonly ApiFragment[]) =>
  apis.some(({ shared }) => shared.some(({ key }) => key === USERLIST));

function mapFiles(
  { snapshot, blocks = [] }: RenderContext,
  apis: readonly WrittenApi[],
  consumers: readonly ReadonlyMap<string, string>[],
  used: Iterable<string>,
): MapFile[] {
  const maps = new MapFiles();
  for (const map of used) maps.declare(map);
  maps.add('marker', `snapshot ${snapshot === null ? NO_SNAPSHOT : safe('digest', snapshot)}\n`);
  for (const texts of [...apis.map(({ mapTexts }) => mapTexts), ...consumers]) {
    for (const [map, text] of texts) maps.add(map, text);
  }
  for (const [map, text] of mapText(blockEntries(blocks))) maps.add(map, text);
  return maps.files();
}

function commonOf({ context, listeners, perListener, trustedProxies }: Parts, apis: readonly ApiFragment[]): Common {
  const early = new Map(apis.flatMap((api) => (api.early === null ? [] : [[api.early.id, api.early] as const])));
  const lines = new Map(
    apis.flatMap(({ shared }) => shared).map((shared) => [`${shared.section} ${shared.key}`, shared]),
  );
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shared]) => shared);
  return {
    title: `gitway ${safe('name', context.environment)}/${safe('name', context.gateway)} ${MARK}`,
    dir: safeDirectory(context.dir),
    probeToken: safe('token', context.probeToken),
    self: safe('name', context.gateway),
    peers: context.peers ?? null,
    listeners,
    perListener,
    trustedProxies,
    early: [...early.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    shared: (section: SharedLines['section']) =>
      sorted.filter((shared) => shared.section === section).flatMap((shared) => shared.lines),
    // Also where all calls go to one pool now: the next step of a roll-out takes no reload then.
    slots: apis.some(({ backends }) => backends.length > 1),
    anyHost: apis.some((api) => api.anyHost),
    wildHost: apis.some((api) => api.wildHost),
    matches: inOrder(apis.flatMap(({ match }) => match ?? [])),
    spreadMs: spreadOf(apis),
    operations: apis.some(({ maps }) => maps.some(({ map }) => map === 'operations')),
  };
}

/** First checks at five a millisecond or fewer; in steps, so that it seldom changes with the number of targets. */
function spreadOf(apis: readonly ApiFragment[]): number | null {
  if (!apis.some(({ rhythm }) => rhythm.onFailure)) return null;
  const checks = apis.reduce((sum, { rhythm }) => sum + rhythm.checks, 0);
  return 50 * 2 ** Math.max(0, Math.ceil(Math.log2(checks / 250)));
}

/** Split only when somebody asks, since a large gateway has a million entries. */
const lazyEntries = (map: MapFile) => once((): ReadonlyMap<string, string> => mapEntries(map.text));

export function safeDirectory(dir: string): string {
  const longest = `${dir}/${ADMIN_SOCKET}`;
  if (Buffer.byteLength(longest) > MAX_SOCKET_PATH) {
    throw new InvalidInputError(
      'path-too-long',
      `${longest} is longer than ${MAX_SOCKET_PATH} bytes; use a shorter directory`,
    );
  }
  return safe('directory', dir);
}
