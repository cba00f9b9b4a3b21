import type { LastingCache } from '../workspace.ts';

/** A lasting cache as others see it: what it gives back has been text in between. */
export class TextCache implements LastingCache {
  readonly texts: Map<string, string>;

  /** With all that another one has. */
  constructor(first?: TextCache) {
    this.texts = new Map(first?.texts);
  }

  load(keys: readonly string[]): Promise<Map<string, unknown>> {
    const known = keys.filter((key) => this.texts.has(key));
    return Promise.resolve(new Map(known.map((key) => [key, JSON.parse(this.texts.get(key)!) as unknown])));
  }

  save(entries: ReadonlyMap<string, object>): void {
    for (const [key, value] of entries) this.texts.set(key, JSON.stringify(value));
  }
}
