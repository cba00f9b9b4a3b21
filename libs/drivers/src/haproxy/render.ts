import { type ApiUnit, type ConsumersUnit, type GatewayUnit, type PlanUnit } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import { FragmentCache, type RenderContext, type Rendered, type SnapshotUnit } from '../driver.ts';
import { type ApiFragment, renderApi } from './api-fragment.ts';
import { renderConsumers } from './consumers-fragment.ts';
import { type Common, defaultsLines, frontendLines, globalLines, peersLines } from './frontend.ts';
import { type MapFile, mapEntries, MapFiles, mapText } from './map-file.ts';
import { ADMIN_SOCKET, DEFAULTS, FRONTEND, MAIN_FILE, MAX_SOCKET_PATH, NO_SNAPSHOT, SECRET_MAPS } from './names.ts';
import type { SharedLines } from './policy.ts';
import { serverLine } from './pools.ts';
import { shortDigest } from './scope.ts';
import { isBindAddress, safe } from './syntax.ts';

/** A fragment as text, so that an API that did not change costs a few string copies. */
interface WrittenApi extends ApiFragment {
  readonly text: string;
  readonly lineCount: number;
  readonly mapTexts: ReadonlyMap<string, string>;
}

export function render(units: readonly SnapshotUnit[], context: RenderContext): Rendered {
  const cache = context.cache ?? new FragmentCache();
  const apis = apiFragments(units, context, cache);
  const consumers = units
    .filter(({ unit }) => unit.kind === 'consumers')
    .map(({ digest, unit }) => cache.get(`consumers/${digest}`, () => mapText(renderConsumers(unit as ConsumersUnit))));
  cache.endRender();

  const maps = mapFiles(context, apis, consumers);
  const binds = bindsOf(units, context);
  const common = commonOf(context, binds, apis);
  const shapes = new Map(apis.toReversed().map((api) => [api.shape.name, api]));
  const starts: { line: number; unit: string }[] = [];
  const sections = [
    ['# Written by Gitway; changes made here are drift.'],
    globalLines(common),
    defaultsLines(),
    peersLines(common),
    ...common.shared('sections').map((line) => [line]),
    frontendLines(common),
  ];
  const head = sections.flatMap((section) => [...section, '']);
  for (const [name, api] of [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    starts.push({ line: head.length + 1, unit: `api ${api.name}` });
    head.push(`defaults ${name} from ${DEFAULTS}`, ...api.shape.lines, '');
  }
  const paths = new Map(maps.map(({ name, path }) => [name, path]));
  const used = new Set<string>();
  const headText = head.join('\n').replace(/@\{([a-z-]+)\}/g, (_all, name: string) => {
    used.add(name);
    return paths.get(name) ?? '';
  });
  let line = head.length + 1;
  for (const api of apis) {
    starts.push({ line, unit: `api ${api.name}` });
    line += api.lineCount;
  }
  const inUse = maps.filter(({ name }) => used.has(name));
  const shared = new Map(apis.flatMap(({ files }) => files).map(({ path, text }) => [path, text]));
  return {
    main: MAIN_FILE,
    files: new Map([
      [MAIN_FILE, [headText, ...apis.map(({ text }) => text)].join('\n')],
      ...inUse.map(({ path, text }) => [path, text] as const),
      ...shared,
    ]),
    expected: {
      servers: apis.flatMap((api) => api.backends.flatMap(({ servers }) => servers)),
      maps: new Map(inUse.map(({ path, text }) => [path, lazyEntries(text)])),
      secretFiles: new Set([
        ...inUse.filter(({ name }) => SECRET_MAPS.has(name)).map(({ path }) => path),
        ...apis.flatMap(({ files }) => files.filter(({ secret }) => secret).map(({ path }) => path)),
      ]),
      listeners: Object.fromEntries(binds),
      frontends: [FRONTEND],
    },
    unitAtLine: (at) => starts.findLast((start) => start.line <= at)?.unit ?? null,
  };
}

function apiFragments(units: readonly SnapshotUnit[], context: RenderContext, cache: FragmentCache): WrittenApi[] {
  const plans = new Map<string, PlanUnit>();
  const planDigests = new Map<string, string>();
  for (const { digest, unit } of units) {
    if (unit.kind !== 'plan') continue;
    plans.set(unit.name, unit);
    planDigests.set(unit.name, digest);
  }
  const provided = context.provided;
  return units
    .filter(({ unit }) => unit.kind === 'api')
    .map(({ digest, unit }) => {
      const api = unit as ApiUnit;
      const made = [digest, provided.version, ...api.plans.map((plan) => planDigests.get(plan) ?? '-')].join('/');
      return cache.get(`api/${made}`, () => written(renderApi(api, plans, provided, shortDigest(made, 12))));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function written(api: ApiFragment): WrittenApi {
  const lines = api.backends.flatMap(({ name, lines: own, servers }) => [
    `backend ${name} from ${api.shape.name}`,
    ...api.backendLines,
    ...own,
    ...servers.map(serverLine),
    '',
  ]);
  return {
    ...api,
    text: lines.join('\n'),
    lineCount: lines.length,
    mapTexts: mapText([...api.routes, ...api.maps]),
  };
}

function mapFiles(
  { snapshot }: RenderContext,
  apis: readonly WrittenApi[],
  consumers: readonly ReadonlyMap<string, string>[],
): MapFile[] {
  const maps = new MapFiles();
  for (const map of ['routes', 'keys']) maps.declare(map);
  maps.add('marker', `snapshot ${snapshot === null ? NO_SNAPSHOT : safe('digest', snapshot)}\n`);
  for (const texts of [...apis.map(({ mapTexts }) => mapTexts), ...consumers]) {
    for (const [map, text] of texts) maps.add(map, text);
  }
  return maps.files();
}

function commonOf(context: RenderContext, binds: readonly Entry[], apis: readonly ApiFragment[]): Common {
  const early = new Map(apis.flatMap((api) => (api.early === null ? [] : [[api.early.id, api.early] as const])));
  const lines = new Map(
    apis.flatMap(({ shared }) => shared).map((shared) => [`${shared.section} ${shared.key}`, shared]),
  );
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shared]) => shared);
  return {
    title: `gitway ${safe('name', context.environment)}/${safe('name', context.gateway)}`,
    dir: safeDirectory(context.dir),
    probeToken: safe('token', context.probeToken),
    binds,
    early: [...early.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    shared: (section: SharedLines['section']) =>
      sorted.filter((shared) => shared.section === section).flatMap((shared) => shared.lines),
    slots: apis.some(({ maps }) => maps.some(({ map }) => map === 'slots')),
    anyHost: apis.some((api) => api.anyHost),
    operations: apis.some(({ maps }) => maps.some(({ map }) => map === 'operations')),
  };
}

/** Split only when somebody asks, since a large gateway has a million entries. */
function lazyEntries(text: string): () => ReadonlyMap<string, string> {
  let entries: ReadonlyMap<string, string> | undefined;
  return () => (entries ??= mapEntries(text));
}

type Entry = readonly [string, string];

/** The gateway's own listeners, at the addresses that its agent was given; before there is a snapshot, just those. */
function bindsOf(units: readonly SnapshotUnit[], { gateway, listeners, snapshot }: RenderContext): Entry[] {
  const unit = units.find((candidate) => candidate.unit.kind === 'gateway' && candidate.unit.name === gateway)?.unit;
  if (unit === undefined && snapshot !== null) {
    throw new InvalidInputError('gateway-missing', `the snapshot does not declare the gateway "${gateway}"`);
  }
  const binds: Entry[] =
    unit === undefined
      ? Object.entries(listeners)
      : (unit as GatewayUnit).listeners.map(({ name, port }) => [name, listeners[name] ?? `*:${port}`]);
  for (const [name, address] of binds) {
    safe('name', name);
    if (!isBindAddress(address)) {
      throw new InvalidInputError('bad-listener', `listener ${name}: "${address}" is not host:port`);
    }
  }
  return binds.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function safeDirectory(dir: string): string {
  const longest = `${dir}/${ADMIN_SOCKET}`;
  if (Buffer.byteLength(longest) > MAX_SOCKET_PATH) {
    throw new InvalidInputError(
      'path-too-long',
      `${longest} is longer than ${MAX_SOCKET_PATH} bytes; use a shorter directory`,
    );
  }
  return safe('directory', dir);
}
