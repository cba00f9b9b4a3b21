import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfBytes } from '@gitway/contracts';
import type { Rendered } from '@gitway/drivers';
import { z } from 'zod';

const appliedSchema = z.object({
  /** What `haproxy.cfg` was made from; null: the empty configuration. */
  snapshot: z.string().nullable(),
  /** Generation of `desired` that was answered last. */
  generation: z.int().nonnegative(),
  /** Mark of the main file as it was rendered (see `mark`). */
  main: z.string(),
});
export type Applied = z.infer<typeof appliedSchema>;

/**
 * The gateway's directory. Everything is written beside its place and renamed into it, so that a reader and a crash
 * find the old file or the new one, whole.
 */
export class GatewayFiles {
  constructor(readonly dir: string) {
    for (const folder of ['', 'maps', 'cache']) mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  }

  /** The secret that the data path's revision marker asks for; made once. */
  probeToken(): string {
    const path = join(this.dir, 'probe-token');
    if (!existsSync(path)) writeWholeSync(path, randomBytes(24).toString('hex'));
    return readFileSync(path, 'utf8').trim();
  }

  /** Writes a first configuration, unless there is one. */
  writeFirst(rendered: Rendered): void {
    const main = join(this.dir, rendered.main);
    if (existsSync(main)) return;
    for (const [path, text] of rendered.files) if (path !== rendered.main) writeWholeSync(join(this.dir, path), text);
    writeWholeSync(main, rendered.files.get(rendered.main) ?? '');
  }

  /** Brings everything but the main file into place, and the main file beside its place. @returns its path there */
  async stage(rendered: Rendered): Promise<string> {
    for (const [path, text] of rendered.files) {
      if (path === rendered.main || (await this.read(path)) === text) continue;
      await writeWhole(join(this.dir, path), text);
    }
    const next = join(this.dir, `${rendered.main}.next`);
    await writeFile(next, rendered.files.get(rendered.main) ?? '', { mode: 0o600 });
    return next;
  }

  /** Swaps the staged main file in and keeps the one that was there. */
  async commit(main: string): Promise<void> {
    const path = join(this.dir, main);
    await copyFile(path, `${path}.previous`).catch(() => {});
    await rename(`${path}.next`, path);
  }

  async discard(main: string): Promise<void> {
    await rm(join(this.dir, `${main}.next`), { force: true });
  }

  /** Puts back the whole of an earlier configuration. */
  async restore(rendered: Rendered): Promise<void> {
    await this.stage(rendered);
    await rename(join(this.dir, `${rendered.main}.next`), join(this.dir, rendered.main));
  }

  async read(path: string): Promise<string | null> {
    return readFile(join(this.dir, path), 'utf8').catch(() => null);
  }

  /** Changes whenever a file may have; null when it is not there. */
  async signature(path: string): Promise<string | null> {
    const at = await stat(join(this.dir, path), { bigint: true }).catch(() => null);
    return at === null ? null : `${at.ino}/${at.size}/${at.mtimeNs}/${at.ctimeNs}`;
  }

  /** Removes maps that neither of these uses, some of which an old worker has long read. */
  async prune(...used: (Rendered | null)[]): Promise<void> {
    const kept = new Set(used.flatMap((rendered) => [...(rendered?.files.keys() ?? [])]));
    for (const name of await readdir(join(this.dir, 'maps'))) {
      if (!kept.has(`maps/${name}`)) await rm(join(this.dir, 'maps', name), { force: true });
    }
  }

  applied(): Applied | null {
    try {
      return appliedSchema.parse(JSON.parse(readFileSync(join(this.dir, 'applied.json'), 'utf8')));
    } catch {
      return null;
    }
  }

  /** Says whether two renderings have the same main file, which names all others by content. */
  mark(rendered: Rendered): string {
    return digestOfBytes(rendered.files.get(rendered.main) ?? '');
  }

  async putApplied(applied: Omit<Applied, 'main'>, rendered: Rendered): Promise<void> {
    await writeWhole(join(this.dir, 'applied.json'), JSON.stringify({ ...applied, main: this.mark(rendered) }));
  }
}

export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

function writeWholeSync(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
