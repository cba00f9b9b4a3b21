import type { Act } from './act.ts';
import type { ProcessState } from './image.ts';

/** What of a change is left to be taken away once nobody can be using it any more. */
export interface Leftover {
  /** Different for each piece, and new when a piece is left again. */
  readonly name: string;
  readonly acts: readonly Act[];
  /** The process when all of it went well. */
  readonly after: (process: ProcessState) => ProcessState;
}

const MOST_ENTRIES = 200;

const pieces = (keys: readonly string[]) =>
  Array.from({ length: Math.ceil(keys.length / MOST_ENTRIES) }, (_, index) =>
    keys.slice(index * MOST_ENTRIES, (index + 1) * MOST_ENTRIES),
  );

/** Small pieces, each of which can be done, or fail, by itself: a server with connections stays until they are gone. */
export function leftovers(process: ProcessState): Leftover[] {
  return [
    ...process.leaving.map((leaving): Leftover => {
      const { backend, kind, servers } = leaving;
      return {
        name: `backend ${backend}`,
        acts: servers.flatMap((server): Act[] => [
          { kind: 'server-disable', backend, server },
          { kind: 'server-delete', backend, server },
        ]),
        after: (now) => ({
          ...now,
          free: { ...now.free, [backend]: kind },
          leaving: now.leaving.filter((other) => other.backend !== backend),
        }),
      };
    }),
    ...Object.entries(process.stray).flatMap(([map, entries]): Leftover[] => {
      const path = process.maps[map];
      if (path === undefined) return [];
      return pieces(Object.keys(entries)).map((keys) => ({
        name: `map ${map} ${keys[0]} ${keys.at(-1)}`,
        acts: keys.map((key): Act => ({ kind: 'map-delete', path, key })),
        after: (now) => ({ ...now, stray: without(now.stray, map, keys) }),
      }));
    }),
  ];
}

function without(stray: ProcessState['stray'], map: string, keys: readonly string[]): ProcessState['stray'] {
  const gone = new Set(keys);
  const left = Object.entries(stray[map] ?? {}).filter(([key]) => !gone.has(key));
  const others = Object.entries(stray).filter(([name]) => name !== map);
  return Object.fromEntries([...others, ...(left.length > 0 ? [[map, Object.fromEntries(left)] as const] : [])]);
}
