import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const NO_COMMIT = '0'.repeat(40);

/** Every branch and tag of a bare repository with the object that it names, read from its own files. */
export async function readRefs(repository: string): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  const packed = await readFile(join(repository, 'packed-refs'), 'utf8').catch(() => '');
  for (const line of packed.split('\n')) {
    const match = /^([0-9a-f]{40,64}) (refs\/.+)$/.exec(line);
    if (match) refs.set(match[2]!, match[1]!);
  }
  await Promise.all(['refs/heads', 'refs/tags'].map((folder) => readLooseRefs(repository, folder, refs)));
  return refs;
}

async function readLooseRefs(repository: string, folder: string, refs: Map<string, string>): Promise<void> {
  const entries = await readdir(join(repository, folder), { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readLooseRefs(repository, name, refs);
      if (entry.name.endsWith('.lock')) return;
      const value = (await readFile(join(repository, name), 'utf8').catch(() => '')).trim();
      if (/^[0-9a-f]{40,64}$/.test(value)) refs.set(name, value);
    }),
  );
}

export interface RefChange {
  readonly ref: string;
  /** Forty zeros where the ref did not exist. */
  readonly before: string;
  /** Forty zeros where the ref exists no more. */
  readonly after: string;
}

export function changedRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): RefChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((ref) => ({ ref, before: before.get(ref) ?? NO_COMMIT, after: after.get(ref) ?? NO_COMMIT }))
    .filter((change) => change.before !== change.after);
}
