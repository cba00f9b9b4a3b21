import { isIP } from 'node:net';
import type { DriftField } from '@gitway/contracts';
import type { HaproxyRendered, ProcessState } from '@gitway/drivers';

export const MAX_DRIFT_FIELDS = 100;

/** One server as the gateway tells of it. */
export interface LiveServer {
  readonly backend: string;
  readonly server: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  /** What a person did to it: neither its health nor a name that does not resolve. */
  readonly admin: 'ready' | 'drain' | 'maint';
}

export interface LiveState {
  readonly servers: readonly LiveServer[];
  /** Path of a map → its entries in their order; a repeated key is kept twice. */
  readonly maps: ReadonlyMap<string, () => readonly (readonly [string, string])[]>;
  /** Frontend → its status, `OPEN` when it takes connections. */
  readonly frontends: ReadonlyMap<string, string>;
}

/** What was applied, and how the process that runs it differs from the files that say the same. */
export interface Applied {
  readonly rendered: HaproxyRendered;
  readonly process: ProcessState;
}

/** What the process has, compared with what was rendered. */
export function runtimeDrift({ rendered, process }: Applied, live: LiveState): DriftField[] {
  const left = new Set(process.leaving.map(({ backend }) => backend));
  const servers = live.servers.filter(({ backend }) => !left.has(backend));
  return [
    ...serverDrift(rendered.expected.servers, servers),
    ...mapDrift({ rendered, process }, live),
    ...frontendDrift(rendered.expected, live),
  ];
}

function serverDrift(expected: HaproxyRendered['expected']['servers'], live: readonly LiveServer[]): DriftField[] {
  const fields: DriftField[] = [];
  const found = new Map(live.map((server) => [`${server.backend}/${server.server}`, server]));
  for (const wanted of expected) {
    const name = `server ${wanted.label}`;
    const has = found.get(`${wanted.backend}/${wanted.server}`);
    found.delete(`${wanted.backend}/${wanted.server}`);
    if (has === undefined) {
      fields.push({ path: name, desired: 'present', live: null });
      continue;
    }
    if (has.weight !== wanted.weight) {
      fields.push({ path: `${name} weight`, desired: String(wanted.weight), live: String(has.weight) });
    }
    if (has.admin !== 'ready') fields.push({ path: `${name} state`, desired: 'ready', live: has.admin });
    const address = wanted.host.replace(/^\[|\]$/g, '');
    // A name resolves to what it resolves to; only a literal address can be compared.
    if ((isIP(address) !== 0 && has.address !== address) || has.port !== wanted.port) {
      fields.push({
        path: `${name} address`,
        desired: `${wanted.host}:${wanted.port}`,
        live: `${has.address}:${has.port}`,
      });
    }
  }
  for (const extra of found.values()) {
    fields.push({
      path: `server ${extra.backend}/${extra.server}`,
      desired: null,
      live: `${extra.address}:${extra.port}`,
    });
  }
  return fields;
}

function mapDrift({ rendered: { image, expected }, process }: Applied, live: LiveState): DriftField[] {
  const fields: DriftField[] = [];
  for (const [title, { path }] of image.maps) {
    const wantedOf = expected.maps.get(path);
    // Some maps are HAProxy's own to fill.
    if (wantedOf === undefined) continue;
    const read = live.maps.get(process.maps[title] ?? path);
    if (read === undefined) {
      fields.push({ path: `map ${title}`, desired: 'present', live: null });
      continue;
    }
    const secret = expected.secretFiles.has(path);
    const show = (key: string) => `map ${title} ${secret ? `${key.slice(0, 8)}…` : key}`;
    const seen = new Set<string>();
    const stray = process.stray[title] ?? {};
    const entries = wantedOf();
    for (const [key, value] of read()) {
      const wanted = entries.get(key) ?? null;
      if (wanted === null && Object.hasOwn(stray, key)) continue;
      // The first entry of a key counts; another one is a leftover that somebody added.
      if (seen.has(key) || wanted !== value) fields.push({ path: show(key), desired: wanted, live: value });
      seen.add(key);
    }
    for (const [key, value] of entries)
      if (!seen.has(key)) fields.push({ path: show(key), desired: value, live: null });
  }
  return fields;
}

function frontendDrift(expected: HaproxyRendered['expected'], live: LiveState): DriftField[] {
  return expected.frontends.flatMap((name) => {
    const status = live.frontends.get(name) ?? null;
    return status === 'OPEN' ? [] : [{ path: `frontend ${name} status`, desired: 'OPEN', live: status }];
  });
}

/**
 * A file compared with what was written: the first line that differs, with secrets taken out.
 * @param secret whether no line of it may be shown
 */
export function fileDrift(
  path: string,
  desired: string,
  live: string | null,
  secrets: readonly string[],
  secret: boolean,
): DriftField[] {
  if (live === desired) return [];
  const name = `file ${path.replace(/^(maps\/\w+)\.[0-9a-f]+\.map$/, '$1')}`;
  if (live === null) return [{ path: name, desired: 'present', live: null }];
  if (secret) return [{ path: name, desired: 'as written', live: 'changed' }];
  const wanted = desired.split('\n');
  const has = live.split('\n');
  const line = wanted.findIndex((text, index) => text !== has[index]);
  const at = line < 0 ? wanted.length : line;
  const shown = (text: string | undefined) =>
    text === undefined
      ? null
      : secrets.reduce((shorter, value) => shorter.replaceAll(value, '***'), text.trim()).slice(0, 200);
  return [{ path: `${name}:${at + 1}`, desired: shown(wanted[at]), live: shown(has[at]) }];
}

/** Whether two observations drift in the same places. */
export const samePlaces = (a: readonly DriftField[], b: readonly DriftField[]) =>
  a.length === b.length && a.every(({ path }) => b.some((other) => other.path === path));
