import type { CompiledApi } from './compile-api.ts';
import type { FilledIn } from './fill-in.ts';

/** Which resource a unit was made from, by the unit's kind and name as in `api pets`. Looked for when first asked. */
export class Sources {
  readonly #apis: readonly CompiledApi[];
  readonly #others: readonly FilledIn[];
  #known: Map<string, FilledIn> | undefined;

  constructor(apis: readonly CompiledApi[], others: readonly FilledIn[]) {
    this.#apis = apis;
    this.#others = others;
  }

  get(unit: string): FilledIn | undefined {
    if (this.#known === undefined) {
      this.#known = new Map();
      for (const { unit: api, filled } of this.#apis) this.#known.set(`api ${api.name}`, filled);
      for (const filled of this.#others) {
        this.#known.set(`${filled.resource.kind.toLowerCase()} ${filled.resource.name}`, filled);
      }
    }
    return this.#known.get(unit);
  }
}
