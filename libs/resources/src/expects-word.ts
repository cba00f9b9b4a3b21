import { z } from 'zod';
import type { Path } from './read-yaml.ts';

/**
 * Whether the schema names `word` among the values that may stand at `path`, or the fields of the object there: where
 * `off` is the only thing that can be meant, it is `off` to everybody.
 */
export function expectsWord(schema: z.ZodType, path: Path, word: unknown): boolean {
  let candidates = alternatives(schema);
  for (const step of path) candidates = candidates.flatMap((candidate) => memberOf(candidate, step));
  return candidates.some((candidate) => {
    if (candidate instanceof z.ZodEnum) return (candidate.options as readonly unknown[]).includes(word);
    if (candidate instanceof z.ZodLiteral) return candidate.values.has(word as never);
    return candidate instanceof z.ZodObject && typeof word === 'string' && Object.hasOwn(candidate.shape, word);
  });
}

function memberOf(schema: z.ZodType, step: string | number): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    return typeof step === 'string' && Object.hasOwn(shape, step) ? alternatives(shape[step]!) : [];
  }
  if (schema instanceof z.ZodArray) return alternatives(schema.element as z.ZodType);
  if (schema instanceof z.ZodRecord) return alternatives(schema.valueType as z.ZodType);
  return [];
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodLazy) {
    return alternatives(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(alternatives);
  return [schema];
}
