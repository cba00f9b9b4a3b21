import type { ApiFragment } from './api-fragment.ts';
import type { ImageBackend, Placement } from './change/image.ts';
import { mapText } from './map-file.ts';
import type { MapEntry } from './policy.ts';
import { serverLine } from './pools/index.ts';
import { shortDigest } from './scope.ts';

/** What a backend holds beside its servers. */
export interface KindLines {
  readonly shape: string;
  readonly lines: readonly string[];
}

/** A fragment as text, so that an API that did not change costs a few string copies. */
export interface WrittenApi extends ApiFragment {
  readonly text: string;
  readonly lineCount: number;
  readonly mapTexts: ReadonlyMap<string, string>;
  readonly image: readonly ImageBackend[];
  /** By kind. */
  readonly kinds: ReadonlyMap<string, KindLines>;
}

export function written(api: ApiFragment): WrittenApi {
  const kinds = new Map<string, KindLines>();
  const treatment = shortDigest([
    api.early?.id ?? null,
    api.routes.map(({ key, value }) => [key, withoutVersion(value, api.version)]),
    api.maps.map(({ map, key, value }) => [map, key, value]),
  ]);
  const image = api.backends.map(({ name, lines, servers }) => {
    const all = [...api.backendLines, ...lines];
    const kind = shortDigest([api.shape.name, all]);
    kinds.set(kind, { shape: api.shape.name, lines: all });
    return { own: name, name, kind, movable: !spokenOf(name, api, all), treatment, servers };
  });
  return finished(api, image, kinds);
}

function finished(api: ApiFragment, image: readonly ImageBackend[], kinds: ReadonlyMap<string, KindLines>): WrittenApi {
  const lines = image.flatMap(({ name, kind, servers }) => [
    ...backendHead(name, kinds.get(kind)),
    ...servers.map(serverLine),
    '',
  ]);
  return {
    ...api,
    text: lines.join('\n'),
    lineCount: lines.length,
    mapTexts: mapText([...api.routes, ...api.maps]),
    image,
    kinds,
  };
}

export const backendHead = (name: string, kind: KindLines | undefined): string[] => [
  `backend ${name} from ${kind?.shape ?? ''}`,
  ...(kind?.lines ?? []),
];

/** The same API with its pools under the names that they were given. */
export function placed(api: WrittenApi, placement: Placement): WrittenApi {
  if (!api.image.some(({ own }) => placement.has(own))) return api;
  const at = (own: string) => placement.get(own) ?? own;
  const slots = api.maps.filter(({ map }) => map === 'slots');
  const split =
    slots.length === 0
      ? null
      : `${api.name}.${shortDigest(
          slots.map(({ value }) => at(value)),
          6,
        )}`;
  const route = (value: string) => {
    const [name, target, ...rest] = value.split('|');
    return [name, split ?? at(target ?? ''), ...rest].join('|');
  };
  const image = api.image.map((backend) => ({
    ...backend,
    name: at(backend.own),
    servers: backend.servers.map((server) => ({ ...server, backend: at(backend.own) })),
  }));
  const slot = (entry: MapEntry): MapEntry => ({
    map: 'slots',
    key: `${split}/${entry.key.slice(entry.key.lastIndexOf('/') + 1)}`,
    value: at(entry.value),
  });
  const moved = {
    ...api,
    routes: api.routes.map((entry) => ({ ...entry, value: route(entry.value) })),
    maps: api.maps.map((entry) => (entry.map === 'slots' ? slot(entry) : entry)),
  };
  return finished(moved, image, api.kinds);
}

/** The version says of what everything was made, and changes nothing. */
const withoutVersion = (route: string, version: string) =>
  route
    .split('|')
    .map((field) => (field === version ? '' : field))
    .join('|');

/** Routes and slots are told of a new name; whatever else knows a backend's own name keeps it there. */
function spokenOf(own: string, api: ApiFragment, lines: readonly string[]): boolean {
  const texts = [...lines, ...api.shape.lines, ...(api.early?.lines ?? [])];
  return (
    texts.some((text) => text.includes(own)) ||
    api.maps.some(({ map, key, value }) => map !== 'slots' && `${key} ${value}`.includes(own))
  );
}
