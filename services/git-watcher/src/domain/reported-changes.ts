import type { PathChange } from './tree.ts';

const MAX_PATHS = 500;
/** An event has to fit in a message whatever names a repository holds. */
const MAX_PATH_BYTES = 200_000;

/** The changes as an event carries them: all counted, the first of them named. */
export function reportedChanges(changes: readonly PathChange[]): { total: number; paths: PathChange[] } {
  const paths: PathChange[] = [];
  let bytes = 0;
  for (const change of changes.slice(0, MAX_PATHS)) {
    bytes += Buffer.byteLength(JSON.stringify(change.path));
    if (bytes > MAX_PATH_BYTES) break;
    paths.push(change);
  }
  return { total: changes.length, paths };
}
