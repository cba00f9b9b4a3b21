/** Paths are relative to the repository's root and use "/". */

export const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export type ResolvedPath = { readonly path: string } | { readonly refused: 'remote' | 'absolute' | 'outside' };

/** Where `reference`, written in the file `from`, points to. A name such as `..file` is a name and not a way up. */
export function resolvePath(from: string, reference: string): ResolvedPath {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference) || reference.startsWith('//')) return { refused: 'remote' };
  if (reference.startsWith('/') || reference.includes('\\')) return { refused: 'absolute' };
  const folder = folderOf(from);
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of reference.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return { refused: 'outside' };
    } else parts.push(part);
  }
  return { path: parts.join('/') };
}

/** Whether the path of a file is its URL: it lies on another server. No file of a repository can be called so. */
export const isRemote = (path: string) => /^https?:\/\//.test(path);

export type ResolvedReference = ResolvedPath | { readonly refused: 'scheme' | 'credentials' | 'malformed' };

const MAX_URL_LENGTH = 2_000;

/**
 * The file that a reference in the file `from` names: a path in the repository, or a normalised URL without a fragment.
 * What is relative in a file of another server stays on that server. Percent-encoding is undone in local paths only.
 */
export function resolveReference(from: string, reference: string, decode = (path: string) => path): ResolvedReference {
  if (!isRemote(from) && !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(reference)) return resolvePath(from, decode(reference));
  const parsed = isRemote(from) ? parseUrl(reference, from) : parseUrl(reference);
  if (parsed === undefined) return { refused: 'malformed' };
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return { refused: 'scheme' };
  if (parsed.username !== '' || parsed.password !== '') return { refused: 'credentials' };
  parsed.hash = '';
  return parsed.href.length > MAX_URL_LENGTH ? { refused: 'malformed' } : { path: parsed.href };
}

function parseUrl(reference: string, base?: string): URL | undefined {
  try {
    return new URL(reference, base);
  } catch {
    return undefined;
  }
}

/** Why a reference is not followed, as the end of a sentence. */
export const refusals = {
  remote: 'is on another server',
  absolute: 'is an absolute path',
  outside: 'leads out of the repository',
  scheme: 'is neither a path nor an https URL',
  credentials: 'holds credentials',
  malformed: 'is not a complete URL',
};

/** A reference as a message shows it: bounded, and without a password. */
export const shownReference = (reference: string): string => {
  const shown = reference.replace(/(\/\/)[^/?#]*@/, '$1…@');
  return shown.length > 120 ? `${shown.slice(0, 119)}…` : shown;
};

/** Folders that are never looked into, besides what `.gitwayignore` names. */
const alwaysIgnored = /(^|\/)(\.[^/]*|node_modules)\//;
const MAX_PATTERNS = 200;
const MAX_PATTERN_LENGTH = 300;

export type IgnoreMatcher = (path: string) => boolean;

/**
 * `.gitwayignore`: one pattern a line, `#` for comments. `*` and `?` stand for anything but "/", a segment `**` for any
 * number of segments; a pattern with a "/" before its end is anchored at the root; one that names a folder takes all
 * in it. Matched without regular expressions, in time that no pattern can blow up.
 */
export function ignoreMatcher(text: string): IgnoreMatcher {
  const patterns: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    const pattern = line.trim().replace(/^\//, '^/').replace(/\/$/, '');
    if (pattern === '' || pattern.startsWith('#') || pattern.length > MAX_PATTERN_LENGTH) continue;
    const anchored = pattern.startsWith('^/') || pattern.includes('/');
    const segments = pattern.replace(/^\^\//, '').split('/');
    patterns.push(anchored ? segments : ['**', ...segments]);
    if (patterns.length >= MAX_PATTERNS) break;
  }
  return (path) => {
    if (alwaysIgnored.test(path)) return true;
    const segments = path.split('/');
    return patterns.some((pattern) => matchesSome(pattern, segments));
  };
}

/** Whether the pattern matches the path or a folder above it. Keeps the set of places that are possible so far. */
function matchesSome(pattern: readonly string[], segments: readonly string[]): boolean {
  let places = passWildcards(new Set([0]), pattern);
  for (const segment of segments) {
    if (places.has(pattern.length)) return true;
    const next = new Set<number>();
    for (const place of places) {
      if (pattern[place] === '**') next.add(place);
      else if (place < pattern.length && matchesSegment(pattern[place]!, segment)) next.add(place + 1);
    }
    if (next.size === 0) return false;
    places = passWildcards(next, pattern);
  }
  return places.has(pattern.length);
}

/** A segment `**` may also stand for nothing. */
function passWildcards(places: Set<number>, pattern: readonly string[]): Set<number> {
  for (const place of places) if (pattern[place] === '**') places.add(place + 1);
  return places;
}

/** Glob within one segment: on a mismatch only the last `*` grows, so the time is at most the product of the lengths. */
function matchesSegment(pattern: string, segment: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < segment.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resume = index;
    } else if (pattern[at] === '?' || pattern[at] === segment[index]) {
      at++;
      index++;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
