export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member; names such as `__proto__` or `constructor` that a document did not write are not there. */
export function member(object: Json | undefined, name: string): unknown {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function objectMember(object: Json | undefined, name: string): Json | undefined {
  const value = member(object, name);
  return isObject(value) ? value : undefined;
}

export function listMember(object: Json | undefined, name: string): readonly unknown[] {
  const value = member(object, name);
  return Array.isArray(value) ? value : [];
}

export function textMember(object: Json | undefined, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' ? value : undefined;
}

export function numberMember(object: Json | undefined, name: string): number | undefined {
  const value = member(object, name);
  return typeof value === 'number' ? value : undefined;
}

export function strings(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === 'string');
}

export function pointerTo(parent: string, ...names: readonly (string | number)[]): string {
  let pointer = parent;
  for (const name of names) {
    const text = String(name);
    pointer +=
      text.includes('/') || text.includes('~') ? `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${text}`;
  }
  return pointer;
}

/** Deep equality of JSON values, bounded: past `budget` nodes two values count as different. */
export function sameJson(left: unknown, right: unknown, budget = { nodes: 5_000 }): boolean {
  if (left === right) return true;
  if (--budget.nodes < 0) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((value, index) => sameJson(value, right[index], budget));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name], budget));
}

/** A value as it stands in a message: short, on one line. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const line = text.replaceAll(/\s+/g, ' ');
  return `\`${line.length > 80 ? `${line.slice(0, 79)}…` : line}\``;
}
