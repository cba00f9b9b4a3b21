import type { z } from 'zod';

type ZodIssue = z.core.$ZodIssue;

/** What a value that fits no form of a union was meant to be. */
export type Chosen =
  /** The form that it comes nearest to, and what keeps it from being that. */
  | { readonly issues: readonly ZodIssue[] }
  /** None: the words and the types that there are. */
  | { readonly values: readonly string[]; readonly types: readonly string[] };

export function chosenBranch(errors: readonly (readonly ZodIssue[])[], given: unknown): Chosen {
  const isMapping = typeof given === 'object' && given !== null;
  const isOfOtherType = ({ path, code }: ZodIssue) =>
    path.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && isMapping));
  const fitting = errors.filter((issues) => !issues.some(isOfOtherType));
  const words = (issues: readonly ZodIssue[]) =>
    issues.flatMap((issue) => (issue.path.length === 0 && issue.code === 'invalid_value' ? issue.values : []));
  if (fitting.every((issues) => words(issues).length > 0)) {
    const types = fitting.length > 0 ? [] : errors.flat().flatMap(typeAsked);
    const values = (fitting.length > 0 ? fitting : errors).flatMap(words);
    return { values: [...new Set(values.map(String))], types: [...new Set(types)] };
  }
  return { issues: fitting.toSorted((a, b) => distance(a) - distance(b))[0]! };
}

const typeAsked = (issue: ZodIssue): string[] =>
  issue.path.length === 0 && issue.code === 'invalid_type' ? [issue.expected] : [];

/** What is wrong deeper down is nearer than what is wrong at the top; an unknown field speaks against a form the most. */
function distance(issues: readonly ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length;
    return sum + (issue.path.length === 0 ? 5 : issue.path.length === 1 ? 2 : 1);
  }, 0);
}
