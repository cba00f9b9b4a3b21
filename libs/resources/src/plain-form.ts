import { parseDurationMs, parseSizeBytes } from '@gitway/contracts';
import { z } from 'zod';
import { written } from './schema/common.ts';

/**
 * What a valid value says, without the ways to write it: durations become whole milliseconds under `<name>Ms`, sizes
 * bytes under `<name>Bytes`, names whose letter case says nothing lower case. Everything else stays as it is.
 */
export function plainForm(schema: z.ZodType, value: unknown): unknown {
  const bare = unwrap(schema);
  if (value === undefined || value === null) return value;
  if (bare instanceof z.ZodObject) return plainObject(bare, value as Record<string, unknown>);
  if (bare instanceof z.ZodArray) return (value as unknown[]).map((item) => plainForm(bare.element as z.ZodType, item));
  if (bare instanceof z.ZodRecord) {
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(
      entries.map(([key, item]) => [
        plainForm(bare.keyType as z.ZodType, key) as string,
        plainForm(bare.valueType as z.ZodType, item),
      ]),
    );
  }
  return unitOf(bare) === 'lower' ? (value as string).toLowerCase() : value;
}

function plainObject(schema: z.ZodObject, value: Record<string, unknown>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const field = schema.shape[key] as z.ZodType | undefined;
    if (field === undefined) throw new Error(`plainForm: "${key}" is not a field of this schema`);
    const unit = unitOf(unwrap(field));
    if (unit === 'duration') plain[`${key}Ms`] = parseDurationMs(item as string);
    else if (unit === 'size') plain[`${key}Bytes`] = parseSizeBytes(item as string);
    else plain[key] = plainForm(field, item);
  }
  return plain;
}

const unitOf = (schema: z.ZodType) => written.get(schema)?.unit;

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  while (current instanceof z.ZodOptional || current instanceof z.ZodNullable) current = current.unwrap() as z.ZodType;
  return current;
}
