import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blockSchema, weightsSchema } from '@gitway/contracts';
import { EMPTY_MAP, type HaproxyRendered } from '@gitway/drivers';
import { z } from 'zod';

const processSchema = z.object({
  worker: z.int(),
  mark: z.string(),
  maps: z.record(z.string(), z.string()),
  free: z.record(z.string(), z.string()),
  leaving: z
    .array(z.object({ backend: z.string(), kind: z.string(), servers: z.array(z.string()).readonly() }))
    .readonly(),
  stray: z.record(z.string(), z.record(z.string(), z.string())),
});

const appliedSchema = z.object({
  /** What `haproxy.cfg` was made from; null: the empty configuration. */
  snapshot: z.string().nullable(),
  /** Generation of `desired` that was answered last. */
  generation: z.int().nonnegative(),
  /** Mark of the main file as it was rendered. */
  main: z.string(),
  /** Own name of a backend → where it stands instead. */
  placement: z.record(z.string(), z.string()).default({}),
  /** How the process differs from the files; null: not known, since a change was under way or HAProxy was away. */
  process: processSchema.nullable().default(null),
  /** What was decided at run time and applied. */
  decisions: z
    .object({ weights: weightsSchema, blocks: z.array(blockSchema).readonly() })
    .default({ weights: {}, blocks: [] }),
});
export type Applied = z.infer<typeof appliedSchema>;

/**
 * The gateway's directory. Everything is written beside its place and renamed into it, so that a reader and a crash
 * find the old file or the new one, whole.
 */
export class GatewayFiles {
  /** What lies there as long as the signature is the same. */
  private readonly known = new Map<string, { signature: string; text: string }>();

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
  writeFirst(rendered: HaproxyRendered): void {
    const main = join(this.dir, rendered.main);
    if (existsSync(main)) return;
    for (const [path, text] of rendered.files) if (path !== rendered.main) writeWholeSync(join(this.dir, path), text);
    writeWholeSync(main, rendered.files.get(rendered.main) ?? '');
  }

  /** Brings everything but the main file into place, and the main file beside its place. @returns its path there */
  async stage(rendered: HaproxyRendered): Promise<string> {
    const next = join(this.dir, `${rendered.main}.next`);
    await Promise.all(
      [...rendered.files].map(async ([path, text]) => {
        if (path === rendered.main) await writeFile(next, text, { mode: 0o600 });
        else if (!(await this.has(path, text))) await this.put(path, text);
      }),
    );
    return next;
  }

  /** Writes a part of a configuration to be checked by itself. @returns its path */
  async stageExcerpt(text: string): Promise<string> {
    const path = join(this.dir, 'excerpt.cfg');
    if ((await this.read(EMPTY_MAP)) === null) await this.put(EMPTY_MAP, '');
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  private async put(path: string, text: string): Promise<void> {
    await writeWhole(join(this.dir, path), text);
    const signature = await this.signature(path);
    if (signature !== null) this.known.set(path, { signature, text });
  }

  private async has(path: string, text: string): Promise<boolean> {
    const signature = await this.signature(path);
    if (signature === null) return false;
    const known = this.known.get(path);
    if (known?.signature === signature) return known.text === text;
    if ((await this.read(path)) !== text) return false;
    this.known.set(path, { signature, text });
    return true;
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
  async restore(rendered: HaproxyRendered): Promise<void> {
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
  async prune(...used: (HaproxyRendered | null)[]): Promise<void> {
    const kept = new Set([EMPTY_MAP, ...used.flatMap((rendered) => [...(rendered?.files.keys() ?? [])])]);
    for (const path of this.known.keys()) if (!kept.has(path)) this.known.delete(path);
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

  async putApplied(applied: Applied): Promise<void> {
    await writeWhole(join(this.dir, 'applied.json'), JSON.stringify(applied));
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
