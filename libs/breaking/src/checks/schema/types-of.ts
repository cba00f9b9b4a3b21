import { isObject, listMember, member, strings, type Json } from '../../document/json.ts';

/** The declared types, sorted, without `null`: that one is told as nullability. */
export function typesOf(schema: Json): string[] {
  const type = member(schema, 'type');
  const list = typeof type === 'string' ? [type] : Array.isArray(type) ? strings(type) : [];
  return list.filter((name) => name !== 'null').sort();
}

/** Whether null is a valid value, in the words of 3.0 or of 3.1. */
export function isNullable(schema: Json): boolean {
  const type = member(schema, 'type');
  return member(schema, 'nullable') === true || type === 'null' || (Array.isArray(type) && type.includes('null'));
}

const silent = new Set(['type', 'title', 'description', 'example', 'examples']);

/** The types of a schema that says nothing but types, by `type` or by branches of `oneOf` or `anyOf` that say nothing else. */
export function plainTypeSet(schema: Json): readonly string[] | undefined {
  const branches = [...listMember(schema, 'oneOf'), ...listMember(schema, 'anyOf')];
  if (branches.length === 0) {
    const types = typesOf(schema);
    return types.length === 0 ? undefined : types;
  }
  const types: string[] = [];
  for (const branch of branches) {
    if (!isObject(branch) || Object.hasOwn(branch, '$ref')) return undefined;
    const type = member(branch, 'type');
    if (typeof type !== 'string' || !Object.keys(branch).every((name) => silent.has(name))) return undefined;
    types.push(type);
  }
  return [...new Set(types)].sort();
}
