import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** In a repository, and elsewhere. */
const MAX_DEPTH = { repository: 3, elsewhere: 1 };
const MAX_NAMES = 2_000;
const MAX_FILES = 200;
/** A resource says so in its first lines. */
const HEAD_BYTES = 4_096;
const isResource = /^["'{\s]*apiVersion["']?\s*:\s*["']?gitway\.dev\//m;

/**
 * Whether resources of Gitway lie in a folder or not far below it. Looks at little, whatever folder somebody stands in;
 * the root of the file system and a home folder are nobody's working copy.
 */
export async function holdsWorkspace(folder: string): Promise<boolean> {
  if (dirname(folder) === folder || folder === homedir()) return false;
  const folders = [{ path: folder, depth: 0 }];
  let deepest = MAX_DEPTH.elsewhere;
  let names = 0;
  let files = 0;
  for (const { path, depth } of folders) {
    for (const entry of await namesIn(path)) {
      if (path === folder && entry.name === '.git') deepest = MAX_DEPTH.repository;
      if (++names > MAX_NAMES || files > MAX_FILES) return false;
      const full = join(path, entry.name);
      if (entry.isDirectory() && depth < deepest && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        folders.push({ path: full, depth: depth + 1 });
      if (!entry.isFile() || !/\.(ya?ml|json)$/i.test(entry.name)) continue;
      files++;
      if (isResource.test(await headOf(full))) return true;
    }
  }
  return false;
}

const namesIn = (path: string) => readdir(path, { withFileTypes: true }).catch(() => []);

async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
