import type { LastingCache } from '@gitway/compiler';

/** Asks the near cache first, then the far one; what the far one knows is kept near from then on. */
export class LayeredCache implements LastingCache {
  readonly #near: LastingCache;
  readonly #far: LastingCache;

  constructor(near: LastingCache, far: LastingCache) {
    this.#near = near;
    this.#far = far;
  }

  async load(keys: readonly string[]): Promise<Map<string, unknown>> {
    const values = new Map(await this.#near.load(keys));
    const missing = keys.filter((key) => !values.has(key));
    if (missing.length === 0) return values;
    const far = await this.#far.load(missing);
    this.#near.save(far as ReadonlyMap<string, object>);
    for (const [key, value] of far) values.set(key, value);
    return values;
  }

  save(entries: ReadonlyMap<string, object>): void {
    this.#near.save(entries);
    this.#far.save(entries);
  }
}
