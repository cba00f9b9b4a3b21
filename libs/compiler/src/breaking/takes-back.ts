import type { ApiUnit } from '@gitway/contracts';
import type { ApiUsage } from './live.ts';
import type { NamedOperation } from './policy.ts';
import { moment } from './weigh-usage.ts';

/** A revision that takes something back: Gitway's own, or a version of the API that was live a short while ago. */
export type TakesBack =
  | { readonly writtenByGitway: true }
  /** Until when that version was live, and what it declares. */
  | { readonly until: Date; readonly operations: ApiUnit['operations'] };

interface Context {
  readonly takesBack: TakesBack | undefined;
  readonly usage: ApiUsage;
}

/**
 * Whether a change passes because it takes something back, whoever calls. What came after the version that is gone back
 * to, and has found callers since, does not: it is a promise by now, and no mistake that nobody has met. What that version
 * has as well is as its callers knew it a short while ago.
 *
 * @param operations those that the change concerns, as they are live; none: all of the API
 */
export function takenBack(
  { takesBack, usage }: Context,
  operations: readonly NamedOperation[],
): { readonly passes: boolean; readonly sentence: string } | undefined {
  if (takesBack === undefined) return undefined;
  if ('writtenByGitway' in takesBack)
    return { passes: true, sentence: 'Gitway wrote this commit itself, to take another one back.' };
  const { until } = takesBack;
  const back = `It goes back to what was live until ${moment(until)}.`;
  const came = operations.filter((operation) => !takesBack.operations.some((other) => isSameCall(other, operation)));
  if (came.length === 0) return { passes: true, sentence: back };
  if ('unknown' in usage) {
    const sentence = `${back} Whether what came since was called is not known: ${usage.unknown}.`;
    return { passes: true, sentence };
  }
  const ids = new Set(came.map(({ id }) => id));
  const since = usage.entries.filter(
    ({ operation, lastAt }) => operation !== null && ids.has(operation) && lastAt >= until,
  );
  if (since.length > 0)
    return { passes: false, sentence: `${back} But it came after that, and has been called since.` };
  const heard = usage.knownSince > until ? `, as far as is known since ${moment(usage.knownSince)}` : '';
  return { passes: true, sentence: `${back} No call of it has been heard of since${heard}.` };
}

/** A parameter of a path is called what it is called: callers do not see its name. */
const template = (path: string) => path.replaceAll(/\{[^}]*\}/g, '{}');
const isSameCall = (a: Pick<NamedOperation, 'method' | 'path'>, b: Pick<NamedOperation, 'method' | 'path'>) =>
  a.method === b.method && template(a.path) === template(b.path);
