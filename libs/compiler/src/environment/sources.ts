import type { CompiledApi } from './compile-api.ts';
import type { FilledIn } from './fill-in.ts';
import { placeOfPolicy } from './policy/policy-layers.ts';
import { unitSource, type UnitSource } from './unit-source.ts';

/** Where each unit was written, by the unit's kind and name as in `api pets`. Looked for when first asked. */
export class Sources {
  readonly #apis: readonly CompiledApi[];
  readonly #others: readonly FilledIn[];
  #known: Map<string, UnitSource> | undefined;

  constructor(apis: readonly CompiledApi[], others: readonly FilledIn[]) {
    this.#apis = apis;
    this.#others = others;
  }

  get(unit: string): UnitSource | undefined {
    if (this.#known === undefined) {
      this.#known = new Map();
      for (const { unit: api, filled, layers } of this.#apis) {
        const source = unitSource(filled, (path) => placeOfPolicy(layers, filled, path));
        this.#known.set(`api ${api.name}`, source);
      }
      for (const filled of this.#others) {
        this.#known.set(`${filled.resource.kind.toLowerCase()} ${filled.resource.name}`, unitSource(filled));
      }
    }
    return this.#known.get(unit);
  }
}
