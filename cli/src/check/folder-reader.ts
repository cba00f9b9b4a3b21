import { constants, lstatSync, readdirSync, type BigIntStats, type Dirent } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';

const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 64;
/** Larger files are listed and not read: nothing that Gitway reads is as large. */
const MAX_BYTES = 64_000_000;
/** The step of a file system's clock: that of the kernel where its times have parts of a millisecond, else the coarsest. */
const clockStepMs = ({ ctimeNs }: BigIntStats) => (ctimeNs % 1_000_000n === 0n ? 2_000 : 100);
let listings = 0;

/** An entry and what the file system says of it: equal stamps are equal bytes, but for changes within one clock step. */
export interface FolderEntry extends WorkspaceEntry {
  readonly stamp: string;
}

/**
 * A folder as a workspace, as Git would have it. Symbolic links are listed as links and never followed, neither while
 * listing nor when a file is swapped for one afterwards; `.git`, other dot folders and `node_modules` are not entered.
 */
export class FolderReader implements WorkspaceReader {
  /** The real path of the folder. */
  readonly root: string;
  private readonly left: ReadonlySet<string>;
  private known: readonly FolderEntry[] = [];
  private entered: readonly string[] = [];

  private constructor(root: string, leftOut: readonly string[]) {
    this.root = root;
    this.left = new Set(leftOut);
  }

  /** `leftOut`: full paths of files that are not part of the workspace. @throws InvalidInputError `no-folder` */
  static async open(folder: string, leftOut: readonly string[] = []): Promise<FolderReader> {
    try {
      const root = await realpath(folder);
      if ((await lstat(root)).isDirectory()) return new FolderReader(root, leftOut);
    } catch (cause) {
      throw new InvalidInputError('no-folder', `${folder} cannot be read: is it there?`, { cause });
    }
    throw new InvalidInputError('no-folder', `${folder} is not a folder.`);
  }

  /** What the last `list` found. */
  get entries(): readonly FolderEntry[] {
    return this.known;
  }

  /** Full paths of the folders that the last `list` entered. */
  get folders(): readonly string[] {
    return this.entered;
  }

  /**
   * What goes away meanwhile is left out. A file that was written within the last step of the clock may be written
   * again without a trace, so it is given an id that holds for this listing only.
   */
  async list(): Promise<FolderEntry[]> {
    const listing = ++listings;
    const now = Date.now();
    const entries: FolderEntry[] = [];
    const entered: string[] = [];
    const folders: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const full = join(this.root, folder.path);
      // Synchronous calls take a tenth of the time here; every so often others get their turn.
      if (entered.length % 250 === 249) await nextTurn();
      const found = this.namesIn(full);
      entered.push(full);
      const files: string[] = [];
      for (const item of found) {
        const path = folder.path === '' ? item.name : `${folder.path}/${item.name}`;
        if (this.left.has(join(full, item.name))) continue;
        if (item.isSymbolicLink()) {
          entries.push({ path, mode: '120000', oid: `link:${path}`, size: 0, stamp: 'link' });
        } else if (item.isDirectory()) {
          const goesIn = !item.name.startsWith('.') && item.name !== 'node_modules' && folder.depth < MAX_DEPTH;
          if (goesIn) folders.push({ path, depth: folder.depth + 1 });
        } else if (item.isFile()) files.push(path);
      }
      if (entries.length + files.length > MAX_ENTRIES) {
        throw new InvalidInputError(
          'folder-too-large',
          `There are more than ${MAX_ENTRIES} files below ${this.root}. Name the folder of the repository itself.`,
        );
      }
      for (const path of files) {
        const stat = this.statOf(path);
        if (stat === undefined) continue;
        const stamp = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
        const settled = now - Number(stat.ctimeMs) > clockStepMs(stat);
        const oid = settled ? stamp : `${stamp}:${listing}`;
        entries.push({ path, mode: '100644', oid, size: Number(stat.size), stamp });
      }
    }
    this.known = entries;
    this.entered = entered;
    return entries;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const full = join(this.root, ...path.split('/'));
    try {
      const folder = await realpath(dirname(full));
      if (folder !== this.root && !folder.startsWith(this.root + sep)) return undefined;
      const handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const stat = await handle.stat();
        return stat.isFile() && stat.size <= MAX_BYTES ? await handle.readFile() : undefined;
      } finally {
        await handle.close();
      }
    } catch {
      return undefined;
    }
  }

  private namesIn(full: string): Dirent[] {
    try {
      return readdirSync(full, { withFileTypes: true });
    } catch (cause) {
      const gone = (cause as NodeJS.ErrnoException).code === 'ENOENT' && full !== join(this.root, '');
      if (gone) return [];
      throw new InvalidInputError('no-folder', `${full} cannot be read: may you?`, { cause });
    }
  }

  private statOf(path: string): BigIntStats | undefined {
    try {
      return lstatSync(join(this.root, path), { bigint: true });
    } catch {
      return undefined;
    }
  }
}
