import type { Act } from './act.ts';
import type { ProcessState } from './image.ts';

/** What of a change is left to be taken away once nobody can be using it any more. */
export interface Leftover {
  readonly acts: readonly Act[];
  /** The process when all of it went well. */
  readonly after: (process: ProcessState) => ProcessState;
}

const MOST_ENTRIES = 200;

/** Small pieces, each of which can be done, or fail, by itself: a server with connections stays until they are gone. */
export function leftovers(process: ProcessState): Leftover[] {
  return [
    ...process.leaving.map((leaving): Leftover => {
      const { backend, kind, servers } = leaving;
      return {
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
      const keys = Object.keys(entries).slice(0, MOST_ENTRIES);
      if (path === undefined) return [];
      return [
        {
          acts: keys.map((key): Act => ({ kind: 'map-delete', path, key })),
          after: (now) => ({ ...now, stray: without(now.stray, map, keys) }),
        },
      ];
    }),
  ];
}

function without(stray: ProcessState['stray'], map: string, keys: readonly string[]): ProcessState['stray'] {
  const gone = new Set(keys);
  const left = Object.entries(stray[map] ?? {}).filter(([key]) => !gone.has(key));
  const others = Object.entries(stray).filter(([name]) => name !== map);
  return Object.fromEntries([...others, ...(left.length > 0 ? [[map, Object.fromEntries(left)] as const] : [])]);
}
