import { EffectiveSchemas } from './effective-schemas.ts';
import { isObject, pointerTo, textMember, type Json } from './json.ts';
import { originKey } from './merge.ts';

/** A value with the place where it is defined: the target's, when it was reached by a `$ref`. */
export interface Located {
  readonly value: Json;
  readonly pointer: string;
  /** The text of the first `$ref` on the way; undefined when it is written in place. */
  readonly ref?: string;
  /** Objects on the way that say more than their `$ref`; from OpenAPI 3.1 on a schema is held to both. */
  readonly beside?: readonly Located[];
}

const MAX_HOPS = 32;

/** Resolves local `$ref`s of one document. A reference that leads nowhere, round in a circle or to another file gives undefined. */
export class Resolver {
  readonly #document: Json;
  readonly #targets = new Map<string, Json | undefined>();
  readonly #origins = new WeakMap<Json, ReadonlyMap<string, string>>();
  readonly #effective = new EffectiveSchemas(this, (schema, origins) => this.#origins.set(schema, origins));
  /** From 3.1 on what stands beside a `$ref` counts. */
  readonly refsHaveSiblings: boolean;

  constructor(
    document: Json,
    private readonly literalAllOf = false,
  ) {
    this.#document = document;
    this.refsHaveSiblings = /^3\.[1-9]/.test(textMember(document, 'openapi') ?? '');
  }

  at(value: unknown, pointer: string): Located | undefined {
    if (!isObject(value)) return undefined;
    let current = value;
    let place = pointer;
    let first: string | undefined;
    let beside: Located[] | undefined;
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      const ref = Object.hasOwn(current, '$ref') ? current.$ref : undefined;
      if (typeof ref !== 'string') {
        if (first === undefined) return { value: current, pointer: place };
        const target = { value: current, pointer: place, ref: first };
        return beside === undefined ? target : { ...target, beside };
      }
      first ??= ref;
      if (this.refsHaveSiblings && Object.keys(current).length > 1) {
        (beside ??= []).push({ value: current, pointer: place });
      }
      const target = this.targetOf(ref);
      if (target === undefined) return undefined;
      current = target;
      place = decodeFragment(ref.slice(1));
    }
    return undefined;
  }

  child(parent: Located, ...names: readonly (string | number)[]): Located | undefined {
    let value: unknown = parent.value;
    for (const name of names) {
      if (Array.isArray(value)) value = value[Number(name)];
      else if (isObject(value) && Object.hasOwn(value, name)) value = value[String(name)];
      else return undefined;
    }
    return this.at(value, this.pointerOf(parent, ...names));
  }

  /** A schema as it counts: with what its `allOf` adds, unless that is taken literally. */
  effective(schema: Located): Located {
    return this.literalAllOf && schema.beside === undefined ? schema : this.#effective.of(schema);
  }

  /** The schema below another, as it counts. */
  schema(parent: Located, ...names: readonly (string | number)[]): Located | undefined {
    const child = this.child(parent, ...names);
    return child === undefined ? undefined : this.effective(child);
  }

  /** Where a member is written: in a merged schema each has a place of its own. */
  pointerOf({ value, pointer }: Located, ...names: readonly (string | number)[]): string {
    const origins = this.#origins.get(value);
    if (origins !== undefined) {
      for (const length of [2, 1]) {
        const origin = names.length < length ? undefined : origins.get(originKey(...names.slice(0, length)));
        if (origin !== undefined) return pointerTo(origin, ...names.slice(length));
      }
    }
    return pointerTo(pointer, ...names);
  }

  /** What a reference leads to, one step. */
  targetOf(ref: string): Json | undefined {
    if (this.#targets.has(ref)) return this.#targets.get(ref);
    const found = this.#find(ref);
    this.#targets.set(ref, found);
    return found;
  }

  #find(ref: string): Json | undefined {
    if (ref === '#') return this.#document;
    if (!ref.startsWith('#/')) return undefined;
    let value: unknown = this.#document;
    for (const part of decodeFragment(ref.slice(2)).split('/')) {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(value)) value = value[Number(name)];
      else if (isObject(value) && Object.hasOwn(value, name)) value = value[name];
      else return undefined;
    }
    return isObject(value) ? value : undefined;
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
