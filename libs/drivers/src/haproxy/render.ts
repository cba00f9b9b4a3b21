import { type ApiUnit, type ConsumersUnit, digestOfBytes, type GatewayUnit, type PlanUnit } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import { FragmentCache, type RenderContext, type Rendered, type SnapshotUnit } from '../driver.ts';
import { type ApiFragment, renderApi } from './api-fragment.ts';
import type { KeyScheme } from './auth.ts';
import { renderConsumers } from './consumers-fragment.ts';
import { type Common, defaultsLines, frontendLines, globalLines, peersLines } from './frontend.ts';
import { ADMIN_SOCKET, FRONTEND, MAIN_FILE, MAX_SOCKET_PATH, NO_SNAPSHOT } from './names.ts';
import { isBindAddress, safe } from './syntax.ts';

type Entry = readonly [string, string];

export function render(units: readonly SnapshotUnit[], context: RenderContext): Rendered {
  const cache = context.cache ?? new FragmentCache();
  const apis = apiFragments(units, cache);
  const keys = units
    .filter(({ unit }) => unit.kind === 'consumers')
    .flatMap(({ digest, unit }) => cache.get(`keys/${digest}`, () => renderConsumers(unit as ConsumersUnit)));
  cache.endRender();

  const routes = mapFile(
    'routes',
    apis.flatMap((api) => api.routes),
  );
  const slots = mapFile(
    'slots',
    apis.flatMap((api) => api.slots),
  );
  const keysFile = mapFile('keys', keys);
  const schemes = new Map(apis.flatMap(({ scheme }) => (scheme === null ? [] : [[scheme.id, scheme] as const])));
  const binds = bindsOf(units, context);
  const marker = context.snapshot === null ? NO_SNAPSHOT : safe('digest', context.snapshot);
  const common: Common = {
    title: `gitway ${safe('name', context.environment)}/${safe('name', context.gateway)} ${marker}`,
    marker,
    dir: safeDirectory(context.dir),
    probeToken: safe('token', context.probeToken),
    binds,
    maps: { routes: routes.path, slots: slots.entries.size > 0 ? slots.path : null, keys: keysFile.path },
    schemes: [...schemes.values()].sort((a: KeyScheme, b: KeyScheme) => (a.id < b.id ? -1 : 1)),
    windows: [...new Set(apis.flatMap((api) => api.windows))].sort((a, b) => a - b),
    anyHost: apis.some((api) => api.anyHost),
  };

  const head = [globalLines(common), defaultsLines(), peersLines(common), frontendLines(common)].flatMap((section) =>
    section.length > 0 ? [...section, ''] : [],
  );
  const lines = ['# Written by Gitway; changes made here are drift.', ...head];
  const starts: { line: number; unit: string }[] = [];
  for (const api of apis) {
    starts.push({ line: lines.length + 1, unit: `api ${api.name}` });
    for (const line of api.lines) lines.push(line);
  }
  const maps = [routes, ...(common.maps.slots === null ? [] : [slots]), ...(schemes.size > 0 ? [keysFile] : [])];
  return {
    main: MAIN_FILE,
    files: new Map([[MAIN_FILE, lines.join('\n')], ...maps.map(({ path, text }) => [path, text] as const)]),
    expected: {
      servers: apis.flatMap((api) => api.servers),
      maps: new Map(maps.map(({ path, entries }) => [path, entries])),
      secretMaps: new Set([keysFile.path]),
      listeners: Object.fromEntries(binds),
      frontends: [FRONTEND],
    },
    unitAtLine: (line) => starts.findLast((start) => start.line <= line)?.unit ?? null,
  };
}

function apiFragments(units: readonly SnapshotUnit[], cache: FragmentCache): ApiFragment[] {
  const plans = new Map<string, PlanUnit>();
  const planDigests = new Map<string, string>();
  for (const { digest, unit } of units) {
    if (unit.kind !== 'plan') continue;
    plans.set(unit.name, unit);
    planDigests.set(unit.name, digest);
  }
  return units
    .filter(({ unit }) => unit.kind === 'api')
    .map(({ digest, unit }) => {
      const api = unit as ApiUnit;
      const made = [digest, ...api.plans.map((plan) => planDigests.get(plan) ?? '-')].join('/');
      return cache.get(`api/${made}`, () => renderApi(api, plans));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A map named by its content: it can lie beside its predecessor, and a configuration is swapped by one rename. */
function mapFile(
  name: string,
  entries: readonly Entry[],
): { path: string; text: string; entries: Map<string, string> } {
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.map(([key, value]) => `${key} ${value}\n`).join('');
  const mark = digestOfBytes(text).slice('sha256-'.length, 'sha256-'.length + 16);
  return { path: `maps/${name}.${mark}.map`, text, entries: new Map(sorted) };
}

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
