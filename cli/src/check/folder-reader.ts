import { constants } from 'node:fs';
import { lstat, open, opendir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';

const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 64;
/** Larger files are listed and not read: nothing that Gitway reads is as large. */
const MAX_BYTES = 64_000_000;

/**
 * A folder as a workspace, as Git would have it. Symbolic links are listed as links and never followed, neither while
 * listing nor when a file is swapped for one afterwards; `.git`, other dot folders and `node_modules` are not entered.
 */
export class FolderReader implements WorkspaceReader {
  private readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** @throws InvalidInputError `no-folder` */
  static async open(folder: string): Promise<FolderReader> {
    try {
      const root = await realpath(folder);
      if ((await lstat(root)).isDirectory()) return new FolderReader(root);
    } catch (cause) {
      throw new InvalidInputError('no-folder', `${folder} cannot be read: is it there?`, { cause });
    }
    throw new InvalidInputError('no-folder', `${folder} is not a folder.`);
  }

  async list(): Promise<WorkspaceEntry[]> {
    const entries: WorkspaceEntry[] = [];
    const folders: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for await (const found of await opendir(join(this.root, folder.path))) {
        const path = folder.path === '' ? found.name : `${folder.path}/${found.name}`;
        if (found.isSymbolicLink()) entries.push({ path, mode: '120000', oid: `link:${path}`, size: 0 });
        else if (found.isDirectory()) {
          const entered = !found.name.startsWith('.') && found.name !== 'node_modules' && folder.depth < MAX_DEPTH;
          if (entered) folders.push({ path, depth: folder.depth + 1 });
        } else if (found.isFile()) {
          const { size } = await lstat(join(this.root, path));
          entries.push({ path, mode: '100644', oid: `file:${path}`, size });
        }
        if (entries.length > MAX_ENTRIES) {
          throw new InvalidInputError(
            'folder-too-large',
            `There are more than ${MAX_ENTRIES} files below ${this.root}. Name the folder of the repository itself.`,
          );
        }
      }
    }
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
}
