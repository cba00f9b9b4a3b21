import type { CompileCache } from './workspace.ts';

/** Keeps what was used last, at most `maxEntries` of it. */
export class MemoryCache implements CompileCache {
  readonly #entries = new Map<string, object>();
  readonly #maxEntries: number;

  constructor(maxEntries = 100_000) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): unknown {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: object): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}

/** Forgets everything: each compile starts cold. */
export const noCache: CompileCache = { get: () => undefined, set: () => undefined };

export async function cached<T extends object>(
  cache: CompileCache,
  key: string,
  make: () => Promise<T> | T,
): Promise<T> {
  const kept = cache.get(key) as T | undefined;
  if (kept !== undefined) return kept;
  const made = await make();
  cache.set(key, made);
  return made;
}
