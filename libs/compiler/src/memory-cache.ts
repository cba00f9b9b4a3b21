import type { CompileCache, LastingCache } from './workspace.ts';

/**
 * Keeps at most `maxEntries` of what was used last. Two generations instead of a list in order of use: when the young
 * one is full it becomes the old one, and what nobody asked for since is dropped. A hit costs one look-up.
 */
export class MemoryCache implements CompileCache {
  readonly #generationSize: number;
  #young = new Map<string, object>();
  #old = new Map<string, object>();

  constructor(maxEntries = 100_000) {
    this.#generationSize = Math.max(1, Math.floor(maxEntries / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): unknown {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: object): void {
    if (this.#young.size >= this.#generationSize && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    this.#old.delete(key);
  }
}

/** Forgets everything: each compile starts cold. */
export const noCache: CompileCache = { get: () => undefined, set: () => undefined };

/** Nothing outlives the process. */
export const nothingLasts: LastingCache = { load: () => Promise.resolve(new Map()), save: () => undefined };
