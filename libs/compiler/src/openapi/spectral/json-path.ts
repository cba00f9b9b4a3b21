import { checkFilter, FilterProblem } from './json-path-filter.ts';

const MAX_LENGTH = 2_000;
const name = /[A-Za-z0-9_$@-]+/y;
const number = /-?\d+/y;
const quoted = /'[^'\\\n]*'|"[^"\\\n]*"/y;
const slice = /(-?\d+)?:(-?\d+)?(:(-?\d+)?)?/y;
const lastItem = /\(@\.length(-\d+)?\)/y;
const space = /[ \t]*/y;

/**
 * Whether a JSONPath of a ruleset may be evaluated; what is wrong with it where it may not. Engines of JSONPath turn
 * filters into JavaScript, so that a path could run anything: only what this grammar knows is let through, and in it
 * nothing reaches beyond the document. `#Name` at the beginning stands for an alias.
 */
export function jsonPathProblem(path: string): string | undefined {
  if (path.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const start = /^(?:\$|#[A-Za-z][A-Za-z0-9_-]*(?:\$\d+)?)/.exec(path)?.[0];
  if (start === undefined) return 'does not begin with `$` or `#Alias`';
  let at = start.length;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(path)?.[0];
    if (found === undefined) return undefined;
    at += found.length;
    return found;
  };
  const is = (text: string): boolean => {
    if (!path.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const unknown = () => `has \`${path.slice(at, at + 20)}\` where nothing of the kind is known`;
  while (at < path.length) {
    if (is('~') || is('^')) continue;
    const dots = is('..') || is('.');
    if (dots && !path.startsWith('[', at)) {
      if (is('*')) continue;
      if (take(name) === undefined) return unknown();
      is('()');
      continue;
    }
    if (!is('[')) return unknown();
    take(space);
    if (is('?(')) {
      try {
        at = checkFilter(path, at);
      } catch (error) {
        if (error instanceof FilterProblem) return error.message;
        throw error;
      }
      if (!is(')')) return unknown();
    } else if (!is('*') && take(lastItem) === undefined) {
      do {
        take(space);
        const taken = take(quoted) ?? sliceOr(take, number) ?? take(name);
        if (taken === undefined || /constructor|__proto__|prototype/.test(taken)) return unknown();
        take(space);
      } while (is(','));
    }
    take(space);
    if (!is(']')) return unknown();
  }
  return undefined;
}

/** `1`, `1:2`, but not what merely begins so (`2xx` is a name). */
function sliceOr(take: (pattern: RegExp) => string | undefined, single: RegExp): string | undefined {
  return take(slice) ?? take(new RegExp(`${single.source}(?![A-Za-z0-9_$@-])`, 'y'));
}
