import { isReadFile, type TreeEntry } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';

export const MAX_TREE_FILES = 200_000;
/** A larger file is listed in the tree and its content is never read. */
export const MAX_BLOB_BYTES = 50 * 1024 * 1024;
/** Of all files that one commit changes and that are read. */
export const MAX_COMMIT_BYTES = 512 * 1024 * 1024;

const modes = new Set(['100644', '100755', '120000', '160000']);

/**
 * One record of `git ls-tree -r -l -z`: `<mode> <type> <oid> <size>\t<path>`. A size is `-` for a submodule. Git has
 * known further modes (`100664`) in old repositories; they are regular files.
 */
export function parseTreeRecord(record: string): TreeEntry {
  const match = /^([0-7]{6}) (?:blob|commit) ([0-9a-f]{40,64}) +(\d+|-)\t([\s\S]+)$/.exec(record);
  if (!match) throw new InvalidInputError('bad-tree', 'Git lists a file in a form that is not known.');
  const mode = modes.has(match[1]!) ? match[1]! : '100644';
  return {
    path: match[4]!,
    oid: match[2]!,
    size: match[3] === '-' ? 0 : Number(match[3]),
    mode: mode as TreeEntry['mode'],
  };
}

/** Code-unit order, as everything that is digested has it; Git itself sorts by bytes. */
export function sortEntries(entries: TreeEntry[]): TreeEntry[] {
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Regular files that may hold resources or OpenAPI documents, and are small enough to be read. */
export function isReadable(entry: TreeEntry): boolean {
  return entry.mode.startsWith('100') && entry.size <= MAX_BLOB_BYTES && isReadFile(entry.path);
}

export interface PathChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

/** What turns `before` into `after`, sorted by path. Both lists are sorted; a changed mode is a modification. */
export function changesBetween(before: readonly TreeEntry[], after: readonly TreeEntry[]): PathChange[] {
  const changes: PathChange[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const now = after[j];
    if (now === undefined || (old !== undefined && old.path < now.path)) {
      changes.push({ path: old!.path, change: 'deleted' });
      i++;
    } else if (old === undefined || now.path < old.path) {
      changes.push({ path: now.path, change: 'added' });
      j++;
    } else {
      if (old.oid !== now.oid || old.mode !== now.mode) changes.push({ path: now.path, change: 'modified' });
      i++;
      j++;
    }
  }
  return changes;
}

/** The blobs that `after` needs and `before` did not have, once each. */
export function newBlobs(before: readonly TreeEntry[], after: readonly TreeEntry[]): TreeEntry[] {
  const known = new Set(before.filter(isReadable).map(({ oid }) => oid));
  const wanted = new Map<string, TreeEntry>();
  for (const entry of after) {
    if (isReadable(entry) && !known.has(entry.oid)) wanted.set(entry.oid, entry);
  }
  return [...wanted.values()];
}
