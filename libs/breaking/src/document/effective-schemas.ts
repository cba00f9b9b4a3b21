import { isObject, listMember, type Json } from './json.ts';
import { mergeSchemas, originKey, type Part } from './merge.ts';
import type { Located, Resolver } from './resolver.ts';

/** Members that say nothing about which values are valid, nor about who sends or reads them. */
const annotations = new Set(['title', 'description', 'example', 'examples', 'externalDocs', 'xml', '$comment']);
const MAX_LEAVES = 256;
const MAX_WORK = 5_000_000;

/**
 * What a schema asks once its `allOf` is followed: the members of all branches merged into one schema. A schema
 * without `allOf` is itself, and so is one whose `allOf` adds only words.
 */
export class EffectiveSchemas {
  readonly #byHolder = new WeakMap<Json, Located>();
  readonly #byLeaves = new Map<string, Located>();
  readonly #ids = new WeakMap<Json, number>();
  /** Schemas that stand for several at one place: they are written nowhere. */
  readonly #conjoined = new WeakSet<Json>();
  readonly #merged = new WeakSet<Json>();
  #nextId = 0;
  /** Members that may still be copied; past that, schemas are compared as they are written. */
  #work = MAX_WORK;

  constructor(
    private readonly resolver: Resolver,
    private readonly setOrigins: (schema: Json, origins: ReadonlyMap<string, string>) => void,
  ) {}

  of(schema: Located): Located {
    if (schema.beside === undefined && !Object.hasOwn(schema.value, 'allOf')) return schema;
    if (this.#merged.has(schema.value)) return schema;
    const holder = schema.beside?.[0]?.value ?? schema.value;
    let known = this.#byHolder.get(holder);
    if (known === undefined) this.#byHolder.set(holder, (known = this.#merge(schema)));
    return known;
  }

  #merge(schema: Located): Located {
    const leaves = this.#leavesOf(schema);
    const [first] = leaves ?? [];
    if (leaves === undefined || first === undefined || this.#work <= 0) return schema;
    if (leaves.length === 1 && !composes(first.value)) return first;
    const written = !this.#conjoined.has(schema.value);
    // A schema that is written nowhere is known by what it consists of: else a cycle would make ever new ones.
    const key = leaves.map(({ value }) => this.#idOf(value)).join(' ');
    const same = written ? undefined : this.#byLeaves.get(key);
    if (same !== undefined) return same;
    const { value, origins } = mergeSchemas(leaves, (parts) => this.#conjoin(parts));
    this.#work -= origins.size + leaves.length;
    this.#merged.add(value);
    this.setOrigins(value, origins);
    const { pointer } = written ? schema : first;
    const located: Located = schema.ref === undefined ? { value, pointer } : { value, pointer, ref: schema.ref };
    if (!written) this.#byLeaves.set(key, located);
    return located;
  }

  /** The schemas that together say everything, each without its `allOf`; undefined when they are too many. */
  #leavesOf(schema: Located): Located[] | undefined {
    const leaves: Located[] = [];
    const seen = new Set<Json>();
    const pending: Located[] = [schema];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const { value, pointer } of at.beside ?? []) pending.push({ value, pointer });
      if (seen.has(at.value)) continue;
      seen.add(at.value);
      if (says(at.value)) leaves.push({ value: at.value, pointer: at.pointer, ...(at.ref && { ref: at.ref }) });
      const branches = listMember(at.value, 'allOf').length;
      if (branches > MAX_LEAVES || leaves.length > MAX_LEAVES) return undefined;
      for (let index = branches - 1; index >= 0; index--) {
        const branch = this.resolver.child(at, 'allOf', index);
        if (branch !== undefined) pending.push(branch);
      }
    }
    return leaves;
  }

  /** What is held to all of several schemas at once. */
  #conjoin(parts: readonly Part[]): Part {
    const refused = parts.find(({ value }) => value === false);
    if (refused !== undefined) return refused;
    const saying = distinct(parts.filter(({ value }) => isObject(value)));
    const [first] = saying;
    if (first === undefined || saying.length === 1) return first ?? (parts[0] as Part);
    const value: Json = { allOf: saying.map((part) => part.value) };
    this.#conjoined.add(value);
    this.setOrigins(value, new Map(saying.map(({ pointer }, index) => [originKey('allOf', index), pointer])));
    return { value, pointer: first.pointer };
  }

  #idOf(value: Json): number {
    let id = this.#ids.get(value);
    if (id === undefined) this.#ids.set(value, (id = this.#nextId++));
    return id;
  }
}

function distinct(parts: readonly Part[]): Part[] {
  const known = new Set<unknown>();
  return parts.filter(({ value }) => {
    const ref = isObject(value) && Object.keys(value).length === 1 ? value.$ref : undefined;
    const key = typeof ref === 'string' ? ref : value;
    return !known.has(key) && known.add(key);
  });
}

const composes = (value: Json) => Object.hasOwn(value, 'allOf') || Object.hasOwn(value, '$ref');

function says(schema: Json): boolean {
  return Object.keys(schema).some(
    (name) =>
      name !== 'allOf' &&
      name !== '$ref' &&
      !annotations.has(name) &&
      (!name.startsWith('x-') || name === 'x-extensible-enum'),
  );
}
