import { compare, isEqual, isObject, type Json, type JsonObject, memberOf } from './json.ts';

/** One field of a unit that differs. `path` is as a person reads it: `policy.cors.origins`, `pools[stable].weight`. */
export interface FieldChange {
  readonly path: string;
  /** Undefined: it is not there. */
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

export interface FieldChangesOptions {
  /** Fields that are one thing, whatever they hold: they are not looked into. */
  readonly whole?: (path: string) => boolean;
  /** Records whose entries are looked into also where one side lacks them. */
  readonly open?: (path: string) => boolean;
}

/**
 * Every field in which two values differ, in the order of their paths; empty if and only if they are equal. Knows no
 * schema: objects are compared member by member, lists of named objects by name, other lists as one thing.
 */
export function fieldChanges(
  from: Json | undefined,
  to: Json | undefined,
  options: FieldChangesOptions = {},
  path = '',
): FieldChange[] {
  if (isEqual(from, to)) return [];
  if (path !== '' && options.whole?.(path) === true) return [{ path, from, to }];
  const opened = options.open?.(path) === true;
  const [old, now] = opened ? [from ?? {}, to ?? {}] : [from, to];
  if (isObject(old) && isObject(now) && isOneKind(old, now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compare);
    const found = keys.flatMap((key) =>
      fieldChanges(memberOf(old, key), memberOf(now, key), options, pathTo(path, key)),
    );
    // Where one side lacks the record and the other's is empty there is nothing inside to tell.
    return found.length > 0 ? found : [{ path, from, to }];
  }
  const [before, after] = [namedItems(old), namedItems(now)];
  if (before === null || after === null) return [{ path, from, to }];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compare);
  const found = names.flatMap((name) => fieldChanges(before.get(name), after.get(name), options, `${path}[${name}]`));
  if (found.length > 0) return found;
  return [{ path: `${path} (order)`, from: [...before.keys()], to: [...after.keys()] }];
}

/** Values of different kinds share no fields worth comparing. */
const isOneKind = (a: JsonObject, b: JsonObject) =>
  ['kind', 'type'].every((key) => isEqual(memberOf(a, key), memberOf(b, key)));

const pathTo = (path: string, key: string) =>
  /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;

/** Null for a list whose items have no names of their own. */
function namedItems(value: Json | undefined): Map<string, Json> | null {
  if (!Array.isArray(value)) return null;
  const items = new Map<string, Json>();
  for (const item of value as readonly Json[]) {
    const name = memberOf(item, 'name');
    if (typeof name !== 'string' || items.has(name)) return null;
    items.set(name, item);
  }
  return items;
}
