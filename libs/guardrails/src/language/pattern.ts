import { RE2JS } from 're2js';
import { guardrailLimits } from './limits.ts';

const compiled = new Map<string, RE2JS>();
const MAX_KEPT = 500;

/**
 * A pattern in RE2's syntax, which takes time in proportion to the text, whatever the pattern.
 * @throws Error for a pattern that is none, that needs backtracking (`(?=`, `\1`) or that is too long
 */
export function patternOf(source: string): RE2JS {
  const kept = compiled.get(source);
  if (kept !== undefined) return kept;
  if (source.length > guardrailLimits.maxPatternLength) {
    throw new Error(`a pattern may have ${guardrailLimits.maxPatternLength} characters, this one has ${source.length}`);
  }
  const pattern = RE2JS.compile(source);
  if (compiled.size >= MAX_KEPT) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

/** Whether the pattern matches anywhere in the text, as CEL's `matches` does. */
export const matches = (text: string, source: string): boolean => patternOf(source).test(text);
