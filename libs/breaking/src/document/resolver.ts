import { isObject, pointerTo, type Json } from './json.ts';

/** A value with the place where it is defined: the target's, when it was reached by a `$ref`. */
export interface Located {
  readonly value: Json;
  readonly pointer: string;
  /** The text of the first `$ref` on the way; undefined when it is written in place. */
  readonly ref?: string;
}

const MAX_HOPS = 32;

/** Resolves local `$ref`s of one document. A reference that leads nowhere, round in a circle or to another file gives undefined. */
export class Resolver {
  readonly #document: Json;
  readonly #targets = new Map<string, Json | undefined>();

  constructor(document: Json) {
    this.#document = document;
  }

  at(value: unknown, pointer: string): Located | undefined {
    if (!isObject(value)) return undefined;
    let current = value;
    let place = pointer;
    let first: string | undefined;
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      const ref = Object.hasOwn(current, '$ref') ? current.$ref : undefined;
      if (typeof ref !== 'string') {
        return first === undefined
          ? { value: current, pointer: place }
          : { value: current, pointer: place, ref: first };
      }
      first ??= ref;
      const target = this.#target(ref);
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
    return this.at(value, pointerTo(parent.pointer, ...names));
  }

  #target(ref: string): Json | undefined {
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
