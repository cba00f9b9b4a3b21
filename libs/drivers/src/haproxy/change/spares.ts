import type { ImageBackend } from './image.ts';

/** An idle backend costs memory and a line in the statistics, no time. */
const MOST = 256;
/** A change takes one, and gives one back some seconds later. */
const LEAST_OF_A_KIND = 3;
const MOST_OF_A_KIND = 64;

/** How many empty backends of each kind are prepared: more of what many APIs use, since more of it will be needed. */
export function spareCounts(backends: Iterable<Pick<ImageBackend, 'kind' | 'movable'>>): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { kind, movable } of backends) if (movable) uses.set(kind, (uses.get(kind) ?? 0) + 1);
  const sorted = [...uses].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const counts = new Map<string, number>();
  let left = MOST;
  for (const [kind, count] of sorted) {
    const wanted = Math.min(MOST_OF_A_KIND, LEAST_OF_A_KIND + Math.ceil(Math.sqrt(count)), left);
    if (wanted === 0) break;
    counts.set(kind, wanted);
    left -= wanted;
  }
  return counts;
}

/** Names for spares that none of the names in use has. */
export function spareNames(counts: ReadonlyMap<string, number>, taken: ReadonlySet<string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const [kind, count] of counts) {
    for (let index = 0, made = 0; made < count; index += 1) {
      const name = `spare.${kind}.${index}`;
      if (taken.has(name)) continue;
      names.set(name, kind);
      made += 1;
    }
  }
  return names;
}
