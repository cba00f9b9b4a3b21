import { z } from 'zod';
import type { Path } from './read-yaml.ts';

/** The names of the fields that the schema knows at a path of `value`; empty where any name is allowed. */
export function fieldsAt(schema: z.ZodType, path: Path, value?: unknown): string[] {
  const found = schemaAt(schema, path, value);
  if (found === undefined) return [];
  const options = optionsOf(found.schema, found.value);
  return [...new Set(options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : [])))];
}

/** What the schema says at a path, and what `value` holds there. Of a union: what the value says that it is. */
export function schemaAt(
  schema: z.ZodType,
  path: Path,
  value: unknown,
): { readonly schema: z.ZodType; readonly value: unknown } | undefined {
  let current: z.ZodType | undefined = schema;
  let at = value;
  for (const step of path) {
    let next: z.ZodType | undefined;
    for (const option of optionsOf(current, at)) {
      next = memberOf(option, step);
      if (next !== undefined) break;
    }
    if (next === undefined) return undefined;
    current = next;
    at = memberOfValue(at, step);
  }
  return { schema: current, value: at };
}

/** What an object, list or record holds under a name or number; undefined for one that it does not know. */
export function memberOf(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const { shape } = schema;
    return Object.hasOwn(shape, step) ? (shape[step] as z.ZodType) : undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodTuple) return schema._zod.def.items[Number(step)] as z.ZodType | undefined;
  return undefined;
}

/** What a schema may be, without wrappers. Where a field of `value` says which of a union it is, that one alone. */
export function optionsOf(schema: z.ZodType, value: unknown): z.ZodType[] {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodIntersection) {
    const { left, right } = bare._zod.def;
    return [...optionsOf(left as z.ZodType, value), ...optionsOf(right as z.ZodType, value)];
  }
  if (!(bare instanceof z.ZodUnion)) return [bare];
  const options = bare.options.flatMap((option) => optionsOf(option as z.ZodType, value));
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = bare._zod.def;
    const told = memberOfValue(value, discriminator);
    const meant = options.filter((option) => {
      const field = option instanceof z.ZodObject ? (option.shape[discriminator] as z.ZodType) : undefined;
      return field?._zod.values?.has(told as string) === true;
    });
    if (meant.length > 0) return meant;
  }
  return options;
}

/** A schema without what only wraps it: optional, nullable, defaults, lazy ones. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let current: z.ZodType = schema;
  for (let depth = 0; depth < 50; depth++) {
    const { def } = current._zod as unknown as {
      def: { type: string; innerType?: z.ZodType; in?: z.ZodType; getter?: () => z.ZodType };
    };
    const inner = def.type === 'lazy' ? def.getter?.() : def.type === 'pipe' ? def.in : def.innerType;
    if (inner === undefined) return current;
    current = inner;
  }
  return current;
}

export const memberOfValue = (value: unknown, step: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;

export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) current = memberOfValue(current, step);
  return current;
}
