import { listMember, member, objectMember, pointerTo, sameJson, strings, type Json } from './json.ts';
import type { Located } from './resolver.ts';

/** A value with the pointer of where it is written. */
export interface Part {
  readonly value: unknown;
  readonly pointer: string;
}

export interface Merged {
  readonly value: Json;
  /** Where each member of the merged schema is written, by its names joined with NUL. */
  readonly origins: ReadonlyMap<string, string>;
}

export const originKey = (...names: readonly (string | number)[]) => names.join('\u0000');

const smallest = ['maxLength', 'maxItems', 'maxProperties'];
const largest = ['minLength', 'minItems', 'minProperties'];
const anyTrue = ['uniqueItems', 'deprecated'];
/** A value is held to all of them at once, so that they are one schema. */
const conjoined = ['items', 'additionalProperties', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'];
const conjoinedByName = ['properties', 'patternProperties', 'dependentSchemas'];
/** What means something only together: of several, each stays a schema of its own. */
const groups = [
  ['oneOf'],
  ['anyOf'],
  ['not'],
  ['if', 'then', 'else'],
  ['contains', 'minContains', 'maxContains'],
  ['prefixItems'],
  ['contentSchema', 'contentEncoding', 'contentMediaType'],
  ['multipleOf'],
];
const handled = new Set([
  ...smallest,
  ...largest,
  ...anyTrue,
  ...conjoined,
  ...conjoinedByName,
  ...groups.flat(),
  'allOf',
  '$ref',
  'type',
  'nullable',
  'enum',
  'pattern',
  'format',
  'required',
  'dependentRequired',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
]);

/**
 * One schema that takes what all of these take. Their `allOf` and `$ref` are left aside: who calls has followed them.
 * `conjoin` gives the schema that stands for several at one place.
 */
export function mergeSchemas(leaves: readonly Located[], conjoin: (parts: readonly Part[]) => Part): Merged {
  const members = new Map<string, unknown>();
  const origins = new Map<string, string>();
  const set = (name: string, value: unknown, leaf: Located | undefined) => {
    members.set(name, value);
    if (leaf !== undefined) origins.set(name, pointerTo(leaf.pointer, name));
  };
  for (const leaf of leaves) {
    for (const name of Object.keys(leaf.value)) {
      if (!handled.has(name) && !members.has(name)) set(name, leaf.value[name], leaf);
    }
  }
  mergeTypes(leaves, set);
  mergeEnums(leaves, set);
  mergeNumbers(leaves, set);
  mergeTexts(leaves, set);
  mergeNames(leaves, set);
  for (const name of anyTrue) {
    const leaf = leaves.find(({ value }) => member(value, name) === true);
    if (leaf !== undefined) set(name, true, leaf);
  }
  for (const name of conjoined) {
    const parts = leaves.filter(({ value }) => Object.hasOwn(value, name)).map((leaf) => partOf(leaf, name));
    if (parts.length === 0) continue;
    const part = conjoin(parts);
    members.set(name, part.value);
    origins.set(name, part.pointer);
  }
  for (const keyword of conjoinedByName) {
    const byName = new Map<string, Part[]>();
    for (const leaf of leaves) {
      for (const name of Object.keys(objectMember(leaf.value, keyword) ?? {})) {
        const part = partOf(leaf, keyword, name);
        const parts = byName.get(name);
        if (parts === undefined) byName.set(name, [part]);
        else parts.push(part);
      }
    }
    if (byName.size === 0) continue;
    const entries = [...byName].map(([name, parts]): [string, unknown] => {
      const part = parts.length === 1 && parts[0] !== undefined ? parts[0] : conjoin(parts);
      origins.set(originKey(keyword, name), part.pointer);
      return [name, part.value];
    });
    members.set(keyword, Object.fromEntries(entries));
  }
  mergeGroups(leaves, members, origins);
  return { value: Object.fromEntries(members), origins };
}

type Setter = (name: string, value: unknown, leaf: Located | undefined) => void;

function partOf(leaf: Located, ...names: string[]): Part {
  let value: unknown = leaf.value;
  for (const name of names) value = (value as Json)[name];
  return { value, pointer: pointerTo(leaf.pointer, ...names) };
}

/** What all allow; where nothing is left, what the first says. Null is a type like others. */
function mergeTypes(leaves: readonly Located[], set: Setter): void {
  let types: string[] | undefined;
  let where: Located | undefined;
  for (const leaf of leaves) {
    const type = member(leaf.value, 'type');
    const list = typeof type === 'string' ? [type] : Array.isArray(type) ? strings(type) : [];
    if (list.length === 0) continue;
    const said = member(leaf.value, 'nullable') === true ? [...list, 'null'] : list;
    where ??= leaf;
    const both = types === undefined ? said : meet(types, said);
    types = both.some((name) => name !== 'null') ? both : types;
  }
  const open = types === undefined && leaves.some(({ value }) => member(value, 'nullable') === true);
  const named = types?.filter((name) => name !== 'null');
  if (named !== undefined) set('type', named.length === 1 ? named[0] : named, where);
  if (open || types?.includes('null') === true) set('nullable', true, where);
}

function meet(one: readonly string[], other: readonly string[]): string[] {
  const within = (list: readonly string[], type: string) =>
    list.includes(type) || (type === 'integer' && list.includes('number'));
  return [...new Set([...one.filter((type) => within(other, type)), ...other.filter((type) => within(one, type))])];
}

function mergeEnums(leaves: readonly Located[], set: Setter): void {
  const lists = leaves.filter(({ value }) => listMember(value, 'enum').length > 0);
  const [first, ...others] = lists;
  if (first === undefined) return;
  const kept = listMember(first.value, 'enum').filter((value) =>
    others.every((leaf) => listMember(leaf.value, 'enum').some((other) => sameJson(value, other))),
  );
  set('enum', kept.length === 0 ? listMember(first.value, 'enum') : kept, others.at(-1) ?? first);
}

function mergeNumbers(leaves: readonly Located[], set: Setter): void {
  const extreme = (name: string, better: (one: number, other: number) => boolean) => {
    let best: { value: number; leaf: Located } | undefined;
    for (const leaf of leaves) {
      const value = member(leaf.value, name);
      if (typeof value === 'number' && (best === undefined || better(value, best.value))) best = { value, leaf };
    }
    if (best !== undefined) set(name, best.value, best.leaf);
    return best;
  };
  for (const name of smallest) extreme(name, (one, other) => one < other);
  for (const name of largest) extreme(name, (one, other) => one > other);
  for (const [name, exclusive, better] of [
    ['maximum', 'exclusiveMaximum', (one: number, other: number) => one < other],
    ['minimum', 'exclusiveMinimum', (one: number, other: number) => one > other],
  ] as const) {
    const limit = extreme(name, better);
    if (extreme(exclusive, better) !== undefined) continue;
    // 3.0 writes `true` beside the limit that it is about.
    const own = leaves.find(
      ({ value }) => member(value, exclusive) === true && (limit === undefined || member(value, name) === limit.value),
    );
    if (own !== undefined) set(exclusive, true, own);
  }
}

/** Several patterns hold at once; of several formats the first by name stands for all. */
function mergeTexts(leaves: readonly Located[], set: Setter): void {
  for (const name of ['pattern', 'format']) {
    const found = leaves.filter(({ value }) => typeof member(value, name) === 'string');
    const texts = [...new Set(found.map(({ value }) => value[name] as string))].sort();
    if (texts.length === 0) continue;
    const whole = name === 'format' || texts.length === 1 ? texts[0] : texts.map((text) => `(?=${text})`).join('');
    set(name, whole, found.at(-1));
  }
}

function mergeNames(leaves: readonly Located[], set: Setter): void {
  const asking = leaves.filter(({ value }) => listMember(value, 'required').length > 0);
  const names = new Set(asking.flatMap(({ value }) => listMember(value, 'required')));
  if (names.size > 0) set('required', [...names], asking.at(-1));
  const beside = new Map<string, Set<unknown>>();
  let where: Located | undefined;
  for (const leaf of leaves) {
    const entries = objectMember(leaf.value, 'dependentRequired') ?? {};
    for (const name of Object.keys(entries)) {
      where = leaf;
      const asked = Array.isArray(entries[name]) ? entries[name] : [];
      beside.set(name, new Set([...(beside.get(name) ?? []), ...asked]));
    }
  }
  if (beside.size > 0) {
    set('dependentRequired', Object.fromEntries([...beside].map(([name, asked]) => [name, [...asked]])), where);
  }
}

/** The first of each group stands in the merged schema itself, others that differ become branches of its `allOf`. */
function mergeGroups(leaves: readonly Located[], members: Map<string, unknown>, origins: Map<string, string>): void {
  const others: { value: Json; pointer: string }[] = [];
  for (const names of groups) {
    const taken: Json[] = [];
    for (const leaf of leaves) {
      const group = Object.fromEntries(names.flatMap((name) => entryOf(leaf.value, name)));
      if (Object.keys(group).length === 0 || taken.some((known) => sameJson(known, group))) continue;
      taken.push(group);
      if (taken.length > 1) {
        others.push({ value: group, pointer: leaf.pointer });
        continue;
      }
      for (const name of Object.keys(group)) {
        members.set(name, group[name]);
        origins.set(name, pointerTo(leaf.pointer, name));
      }
    }
  }
  if (others.length === 0) return;
  members.set(
    'allOf',
    others.map(({ value }) => value),
  );
  for (const [index, { pointer }] of others.entries()) origins.set(originKey('allOf', index), pointer);
}

function entryOf(value: Json, name: string): [string, unknown][] {
  const said = member(value, name);
  return said === undefined || (Array.isArray(said) && said.length === 0) ? [] : [[name, said]];
}
