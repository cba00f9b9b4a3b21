import { matchesSegment, readSegment, type Segment } from './ignore-segment.ts';

/** Folders that are never looked into, besides what `.gitwayignore` names. */
const alwaysIgnored = /(^|\/)(\.[^/]*|node_modules)\//;
const MAX_PATTERNS = 1_000;
const MAX_PATTERN_LENGTH = 300;
const MAX_FOLDERS_KEPT = 20_000;

export type IgnoreMatcher = (path: string) => boolean;

interface Pattern {
  /** `**` stands for any number of segments. */
  readonly segments: readonly (Segment | '**')[];
  /** Takes back what patterns before it ignore. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

export interface IgnoreFile {
  readonly matches: IgnoreMatcher;
  /** Lines that are not applied: too long, or too many. */
  readonly leftOut: number;
  /** Characters of all patterns: with those of a path a bound for what a match costs. */
  readonly weight: number;
}

/**
 * `.gitwayignore`, in the syntax of `.gitignore` (gitignore(5)): one pattern a line, the last one that matches decides,
 * and nothing below an ignored folder is taken back. Letters are Unicode's, where Git's are bytes. Matched without
 * regular expressions, since those of any library can be made to take for ever.
 */
export function readIgnoreFile(text: string): IgnoreFile {
  const patterns: Pattern[] = [];
  let leftOut = 0;
  let weight = 0;
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const pattern = readPattern(line.replace(/\r$/, ''));
    if (pattern === undefined) continue;
    if (line.length > MAX_PATTERN_LENGTH || patterns.length >= MAX_PATTERNS) leftOut++;
    else {
      patterns.push(pattern);
      weight += line.length;
    }
  }
  return { matches: patterns.length === 0 ? (path) => alwaysIgnored.test(path) : matcherOf(patterns), leftOut, weight };
}

export const ignoreMatcher = (text: string): IgnoreMatcher => readIgnoreFile(text).matches;

function matcherOf(patterns: readonly Pattern[]): IgnoreMatcher {
  // The last one that matches decides.
  const inTurn = [...patterns].reverse();
  const ignores = (segments: readonly string[], isFolder: boolean) => {
    const decides = inTurn.find((pattern) => (isFolder || !pattern.foldersOnly) && matches(pattern.segments, segments));
    return decides !== undefined && !decides.negated;
  };
  let folders = new Map<string, boolean>();
  const folderIgnored = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    let ignored = false;
    const segments = path.split('/');
    for (let depth = 1; depth <= segments.length && !ignored; depth++) {
      ignored = ignores(segments.slice(0, depth), true);
    }
    if (folders.size >= MAX_FOLDERS_KEPT) folders = new Map();
    folders.set(path, ignored);
    return ignored;
  };
  return (path) => {
    if (alwaysIgnored.test(path)) return true;
    const slash = path.lastIndexOf('/');
    return (slash > 0 && folderIgnored(path.slice(0, slash))) || ignores(path.split('/'), false);
  };
}

/** @returns undefined for what is no pattern: nothing, a comment, what ends in a lone `\` or in an open `[` */
function readPattern(line: string): Pattern | undefined {
  if (line.startsWith('#')) return undefined;
  let text = withoutTrailingSpaces(line);
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  if (text === '') return undefined;
  const anchored = text.includes('/');
  const segments: (Segment | '**')[] = anchored ? [] : ['**'];
  for (const part of (text.startsWith('/') ? text.slice(1) : text).split('/')) {
    if (part === '**' && anchored) segments.push('**');
    else {
      const segment = readSegment(part);
      if (segment === undefined) return undefined;
      segments.push(segment);
    }
  }
  return { segments, negated, foldersOnly };
}

function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (end > slashes && line[end - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1 && end < line.length ? line.slice(0, end + 1) : line.slice(0, end);
}

/** Whether the whole path matches. Keeps the set of places in the pattern that are possible so far. */
function matches(pattern: readonly (Segment | '**')[], segments: readonly string[]): boolean {
  let places = passWildcards(new Set([0]), pattern);
  for (const segment of segments) {
    const next = new Set<number>();
    for (const place of places) {
      const part = pattern[place];
      if (part === undefined) continue;
      if (part === '**') {
        next.add(place);
        if (place === pattern.length - 1) next.add(pattern.length);
      } else if (matchesSegment(part, segment)) next.add(place + 1);
    }
    if (next.size === 0) return false;
    places = passWildcards(next, pattern);
  }
  return places.has(pattern.length);
}

/** A segment `**` may also stand for nothing, but at the end: `a/**` is all in `a`, and not `a`. */
function passWildcards(places: Set<number>, pattern: readonly (Segment | '**')[]): Set<number> {
  for (const place of places) if (pattern[place] === '**' && place < pattern.length - 1) places.add(place + 1);
  return places;
}
