import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes lock files that a killed git process left in a mirror, and the packs that it did not finish. Git holds a ref's
 * lock for milliseconds, and no process of ours works on the mirror meanwhile: an older lock has nobody behind it.
 */
export async function removeStaleLocks(mirror: string, olderThanMs: number): Promise<void> {
  await sweep(mirror, olderThanMs, (name) => name.endsWith('.lock'), ['objects']);
  await sweep(join(mirror, 'objects'), Math.max(olderThanMs, 60_000), (name) => name.startsWith('tmp_'), []);
}

async function sweep(
  folder: string,
  olderThanMs: number,
  matches: (name: string) => boolean,
  except: readonly string[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!except.includes(entry.name)) await sweep(path, olderThanMs, matches, []);
    } else if (matches(entry.name)) {
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age >= olderThanMs) await rm(path, { force: true });
    }
  }
}
