import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LastingCache } from '@gitway/compiler';
import { messageOf } from '@gitway/errors';
import { indexOf, packOf, readPacked, sumOf, type PackedValue } from './pack-file.ts';

export interface DiskCacheOptions {
  readonly folder: string;
  /** Keeps what different engines computed apart. */
  readonly engine: string;
  /** What was not used for the longest time goes when there is more. */
  readonly maxBytes: number;
  /** Told once when the folder cannot be used, or takes nothing more; the work goes on without. */
  onProblem(message: string): void;
  /** The machine's clock when not given. */
  now?(): number;
}

/** Above this many packs, small ones are written together. */
const MAX_PACKS = 48;
const SMALL_BYTES = 4_000_000;
/** Values wait this long, or until there are this many bytes of them, to be written in one pack. */
const WAIT_MS = 250;
const FLUSH_BYTES = 8_000_000;
/** A pack whose values are used is marked so this often. */
const TOUCH_MS = 3_600_000;
const LEFT_OVER_MS = 600_000;
const PER_TURN = 200;
/** Times of use that lie further ahead were written by a clock that was wrong. */
const AHEAD_MS = 3_600_000;

interface Known {
  readonly pack: string;
  readonly at: PackedValue;
}

/**
 * What the compiler computed, in a folder on this machine. Values are written many to a file (a pack), under a passing
 * name first, so that a reader finds a whole pack or none; each value is verified when it is read, and one that is
 * not whole is not known. Several processes may share the folder: packs are never changed, only added and removed.
 */
export class DiskCache implements LastingCache {
  readonly #options: DiskCacheOptions;
  readonly #known = new Map<string, Known>();
  readonly #packs = new Set<string>();
  readonly #touched = new Map<string, number>();
  #waiting = new Map<string, Buffer>();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #readable = true;
  #writable = true;
  #told = false;

  constructor(options: DiskCacheOptions) {
    this.#options = options;
  }

  async load(keys: readonly string[]): Promise<Map<string, unknown>> {
    const values = new Map<string, unknown>();
    if (!this.#readable) return values;
    const names = new Map(keys.map((key) => [key, sumOf(key)]));
    try {
      if ([...names.values()].some((name) => !this.#known.has(name))) await this.#look();
    } catch (error) {
      this.#readable = this.#writable = false;
      this.#tell(error);
      return values;
    }
    const byPack = new Map<string, Map<string, PackedValue>>();
    for (const [key, name] of names) {
      const waiting = this.#waiting.get(name);
      if (waiting !== undefined) values.set(key, JSON.parse(waiting.toString()));
      const known = this.#known.get(name);
      if (known === undefined || waiting !== undefined) continue;
      const wanted = byPack.get(known.pack) ?? new Map<string, PackedValue>();
      byPack.set(known.pack, wanted.set(key, known.at));
    }
    for (const [pack, wanted] of byPack) await this.#take(pack, wanted, values);
    return values;
  }

  save(entries: ReadonlyMap<string, object>): void {
    if (!this.#writable) return;
    for (const [key, value] of entries) {
      const bytes = Buffer.from(JSON.stringify(value));
      this.#waiting.set(sumOf(key), bytes);
      this.#waitingBytes += bytes.byteLength;
    }
    if (this.#waitingBytes > FLUSH_BYTES) void this.flush();
    else if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => void this.flush(), WAIT_MS).unref();
  }

  /** Resolves when all that was saved is on disk, or cannot be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const values = this.#waiting;
    this.#waiting = new Map();
    this.#waitingBytes = 0;
    if (values.size > 0) {
      this.#work = this.#work.then(async () => {
        if (!this.#writable) return;
        await this.#write(values);
        await this.#tidy();
      });
      this.#work = this.#work.catch((error: unknown) => {
        // A disk that is full can still be read.
        this.#writable = false;
        this.#waiting.clear();
        this.#tell(error);
      });
    }
    return this.#work;
  }

  async #take(pack: string, wanted: ReadonlyMap<string, PackedValue>, into: Map<string, unknown>): Promise<void> {
    let found: Map<string, Buffer>;
    try {
      found = await readPacked(this.#path(pack), wanted);
      await this.#touch(pack);
    } catch {
      // Somebody else put it together with others, or threw it away.
      found = new Map();
    }
    let turn = 0;
    for (const key of wanted.keys()) {
      const bytes = found.get(key);
      if (bytes === undefined) this.#known.delete(sumOf(key));
      else into.set(key, JSON.parse(bytes.toString()));
      if (++turn % PER_TURN === 0) await nextTurn();
    }
  }

  /** Learns of packs that were added since. */
  async #look(): Promise<void> {
    const prefix = `${this.#options.engine}-`;
    const names = (await readdir(this.#options.folder).catch(absent)).filter(
      (name) => name.startsWith(prefix) && name.endsWith('.pack'),
    );
    for (const name of names) {
      if (this.#packs.has(name)) continue;
      const index = await indexOf(this.#path(name)).catch(() => undefined);
      this.#packs.add(name);
      // One that is not whole was not written by us; nobody can use it.
      if (index === undefined) await rm(this.#path(name), { force: true });
      else for (const [key, at] of index) this.#known.set(key, { pack: name, at });
    }
  }

  async #write(values: ReadonlyMap<string, Buffer>): Promise<void> {
    const { folder, engine } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${engine}-${this.#now().toString(36)}-${randomBytes(6).toString('hex')}.pack`;
    const passing = this.#path(`${name}.tmp`);
    try {
      await writeFile(passing, packOf(values), { flag: 'wx', mode: 0o600 });
      await rename(passing, this.#path(name));
    } catch (error) {
      await rm(passing, { force: true }).catch(() => undefined);
      // Somebody whose clock is ahead took it for a left-over: that costs these values, and not the cache.
      if (isAbsence(error) && (await stat(folder).catch(() => undefined)) !== undefined) return;
      throw error;
    }
    this.#packs.add(name);
    for (const [key, at] of (await indexOf(this.#path(name))) ?? []) this.#known.set(key, { pack: name, at });
  }

  /** Puts small packs together when there are many, and keeps the folder below its bound. */
  async #tidy(): Promise<void> {
    const { folder, engine, maxBytes } = this.#options;
    const files: { name: string; size: number; usedMs: number }[] = [];
    for (const name of await readdir(folder)) {
      const found = await stat(this.#path(name)).catch(() => undefined);
      if (found?.isFile() !== true) continue;
      if (name.endsWith('.pack')) files.push({ name, size: found.size, usedMs: this.#usedMs(found.mtimeMs) });
      else if (name.endsWith('.tmp') && Math.abs(this.#now() - found.mtimeMs) > LEFT_OVER_MS)
        await rm(this.#path(name), { force: true });
    }
    const small = files.filter(({ name, size }) => name.startsWith(`${engine}-`) && size < SMALL_BYTES);
    if (small.length > MAX_PACKS) await this.#together(small.map(({ name }) => name));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files.sort((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= maxBytes) break;
      await rm(this.#path(name), { force: true });
      bytes -= size;
    }
  }

  async #together(packs: readonly string[]): Promise<void> {
    await this.#look();
    const values = new Map<string, Buffer>();
    for (const pack of packs) {
      const index = await indexOf(this.#path(pack)).catch(() => undefined);
      if (index === undefined) continue;
      for (const [key, bytes] of await readPacked(this.#path(pack), index).catch(() => new Map<string, Buffer>()))
        values.set(key, bytes);
    }
    if (values.size > 0) await this.#write(values);
    for (const pack of packs) await rm(this.#path(pack), { force: true });
  }

  /** A time in the future says nothing of when it was used: it goes first, unless it is used again. */
  #usedMs(mtimeMs: number): number {
    return mtimeMs > this.#now() + AHEAD_MS ? 0 : mtimeMs;
  }

  async #touch(pack: string): Promise<void> {
    const now = this.#now();
    if (Math.abs(now - (this.#touched.get(pack) ?? 0)) < TOUCH_MS) return;
    this.#touched.set(pack, now);
    await utimes(this.#path(pack), now / 1_000, now / 1_000).catch(() => undefined);
  }

  #tell(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.onProblem(`${this.#options.folder} cannot be used to keep what was compiled: ${messageOf(error)}`);
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #path(name: string): string {
    return join(this.#options.folder, name);
  }
}

/** A folder that is not there yet is empty. */
function absent(error: unknown): string[] {
  if (isAbsence(error)) return [];
  throw error;
}

const isAbsence = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
