import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';
import { gitBlobId, isReadFile } from '@gitway/contracts';
import { openApiLimits } from '@gitway/resources';
import type { FolderEntry, FolderReader } from './folder-reader.ts';

/** A file was written while the folder was read: what was listed is not what is there. */
export class FolderChangedError extends Error {}

const PARALLEL = 16;

/**
 * A folder whose files are named by their content, as Git names them, so that what was made of them can be kept for
 * other runs. A file is read again for its name only when the file system says that it changed.
 */
export class ContentIds {
  private known = new Map<string, string>();

  async of(reader: FolderReader): Promise<WorkspaceReader> {
    const seen = new Map<string, string>();
    const entries: WorkspaceEntry[] = [];
    const waiting = [...reader.entries];
    const work = async () => {
      for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
        const id = await this.idOf(entry, reader);
        if (id !== undefined) seen.set(entry.oid, id);
        entries.push(id === undefined ? entry : { ...entry, oid: id });
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    this.known = seen;
    const byPath = new Map(entries.map((entry) => [entry.path, entry]));
    return {
      list: () => Promise.resolve(entries),
      /** @throws FolderChangedError rather than giving bytes under a name that is not theirs */
      read: async (path) => {
        const bytes = await reader.read(path);
        const oid = byPath.get(path)?.oid;
        if (bytes === undefined || oid === undefined || !isContentId(oid) || gitBlobId(bytes) === oid) return bytes;
        throw new FolderChangedError(path);
      },
    };
  }

  private async idOf({ path, mode, oid, size }: FolderEntry, reader: FolderReader): Promise<string | undefined> {
    if (mode !== '100644' || !isReadFile(path) || size > openApiLimits.maxBytes) return undefined;
    const known = this.known.get(oid);
    if (known !== undefined) return known;
    const bytes = await reader.read(path);
    return bytes === undefined ? undefined : gitBlobId(bytes);
  }
}

const isContentId = (oid: string) => /^[0-9a-f]{40}$/.test(oid);
