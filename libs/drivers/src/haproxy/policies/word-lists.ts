import type { Phase, Rule } from '../rule.ts';
import { request } from '../rule.ts';

/** HAProxy reads 64 words of a line. */
const MOST_WORDS = 40;

/**
 * Rules that set a variable for calls of which the sample is one of these words, however many they are.
 * @param words each already in a form that can stand in the configuration
 */
export function oneOf(
  phase: Phase,
  set: string,
  sample: string,
  words: readonly string[],
  when: readonly string[],
): Rule[] {
  const chunks = Math.ceil(words.length / MOST_WORDS);
  return Array.from({ length: chunks }, (_, index) => {
    const some = words.slice(index * MOST_WORDS, (index + 1) * MOST_WORDS);
    return request(phase, set, ...when, `{ ${sample} -- ${some.join(' ')} }`);
  });
}
