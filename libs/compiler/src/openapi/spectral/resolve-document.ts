import { fileOfReference, splitReference, stepsOfFragment } from '../reference.ts';

/** The parsed files of a document by path. */
export type Values = ReadonlyMap<string, unknown>;

/** A place in one of the files of a document. */
export interface Place {
  readonly file: string;
  readonly pointer: readonly (string | number)[];
  /** Whether there is a mapping or a list: its key says better where it is than all of it. */
  readonly isObject: boolean;
}

/**
 * The document with every `$ref` replaced by what it points at, which is shared and not copied. One that is circular
 * stays as it is, and so does one that leads to nothing.
 */
export function resolveDocument(root: string, values: Values, circular: ReadonlySet<unknown>): unknown {
  const resolved = new Map<string, unknown>();
  const underWay = new Set<string>();

  const visit = (value: unknown, file: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => visit(item, file));
    const { $ref: reference } = value as { $ref?: unknown };
    if (typeof reference === 'string') {
      const target = circular.has(value) ? undefined : targetOf(reference, file, values);
      if (target === undefined || underWay.has(target.key)) return value;
      if (!resolved.has(target.key)) {
        underWay.add(target.key);
        resolved.set(target.key, visit(target.value, target.file));
        underWay.delete(target.key);
      }
      return resolved.get(target.key);
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member, file)]));
  };
  return visit(values.get(root), root);
}

/** Where a path into the resolved document lies: `$ref`s on the way are followed. */
export function placeOfPath(root: string, path: readonly (string | number)[], values: Values): Place {
  let file = root;
  let value = values.get(root);
  let pointer: (string | number)[] = [];
  const follow = () => {
    for (let hops = 0; hops < 50; hops++) {
      const reference = referenceOf(value);
      const target = reference === undefined ? undefined : targetOf(reference, file, values);
      if (target === undefined) return;
      ({ file, value } = target);
      pointer = [...target.pointer];
    }
  };
  for (const step of path) {
    if (!has(value, step)) follow();
    if (!has(value, step)) break;
    value = (value as Record<string | number, unknown>)[step];
    pointer.push(step);
  }
  return { file, pointer, isObject: typeof value === 'object' && value !== null };
}

const has = (value: unknown, step: string | number) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step);

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { $ref } = value as { $ref?: unknown };
  return typeof $ref === 'string' ? $ref : undefined;
}

/** What a `$ref` in a file leads to; undefined where there is nothing. */
export function targetOf(reference: string, from: string, values: Values) {
  const path = fileOfReference(from, reference);
  if ('refused' in path || !values.has(path.path)) return undefined;
  const pointer = stepsOfFragment(splitReference(reference).fragment);
  let value = values.get(path.path);
  for (const step of pointer) {
    if (!has(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return { file: path.path, pointer, value, key: `${path.path}#${pointer.join('\0')}` };
}
