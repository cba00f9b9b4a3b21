import { z } from 'zod';
import type { Path } from './read-yaml.ts';
import { memberOf, optionsOf } from './schema-walk.ts';

/**
 * Whether the schema names `word` among the values that may stand at `path`, or the fields of the object there: where
 * `off` is the only thing that can be meant, it is `off` to everybody.
 */
export function expectsWord(schema: z.ZodType, path: Path, word: unknown): boolean {
  let candidates = optionsOf(schema, undefined);
  for (const step of path)
    candidates = candidates.flatMap((candidate) => {
      const member = memberOf(candidate, step);
      return member === undefined ? [] : optionsOf(member, undefined);
    });
  return candidates.some((candidate) => {
    if (candidate instanceof z.ZodEnum) return (candidate.options as readonly unknown[]).includes(word);
    if (candidate instanceof z.ZodLiteral) return candidate.values.has(word as never);
    return candidate instanceof z.ZodObject && typeof word === 'string' && Object.hasOwn(candidate.shape, word);
  });
}
