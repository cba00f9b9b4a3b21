import type { Operation } from '@gitway/contracts';

/** A segment that mixes text with parameters, as in `{id}.json`, tried after plain text and before a whole parameter. */
export interface PatternEdge {
  readonly from: number;
  readonly to: number;
  /** Regular expression over one segment, anchored. */
  readonly pattern: string;
}

export interface OperationTrie {
  /** Node and segment → node; `*` is a segment that is a parameter as a whole. Node 0 is the base path. */
  readonly edges: readonly { readonly from: number; readonly segment: string; readonly to: number }[];
  readonly patterns: readonly PatternEdge[];
  /** What ends at a node: method → operation. */
  readonly leaves: readonly {
    readonly node: number;
    readonly depth: number;
    readonly methods: Map<string, Operation>;
  }[];
  /** Segments of the longest path. */
  readonly depth: number;
}

/** Documents whose templates overlap so that one walk would need more states than this are refused. */
export const MAX_NODES = 50_000;

/** @returns null when the walk would need more than MAX_NODES states */
export function operationTrie(operations: readonly Operation[]): OperationTrie | null {
  const paths = pathsOf(operations);
  const edges: { from: number; segment: string; to: number }[] = [];
  const patterns: PatternEdge[] = [];
  const leaves: { node: number; depth: number; methods: Map<string, Operation> }[] = [];
  const states = new Map<string, number>();
  const waiting: { node: number; depth: number; live: readonly Path[] }[] = [];
  const stateOf = (depth: number, live: readonly Path[]): number => {
    const key = `${depth}:${live.map(({ index }) => index).join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    const node = states.size;
    states.set(key, node);
    waiting.push({ node, depth, live });
    return node;
  };
  stateOf(0, paths);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (states.size > MAX_NODES) return null;
    const { node, depth, live } = next;
    const ended = live.filter(({ segments }) => segments.length === depth);
    if (ended.length > 0) leaves.push({ node, depth, methods: methodsOf(ended) });
    const open = live.filter(({ segments }) => segments.length > depth);
    const follow = (chosen: (segment: Segment) => boolean) =>
      stateOf(
        depth + 1,
        open.filter(({ segments }) => chosen(segments[depth] as Segment)),
      );
    const kinds = open.map(({ segments }) => segments[depth] as Segment);
    const texts = new Set(kinds.flatMap((segment) => (segment.kind === 'text' ? [segment.text] : [])));
    const shapes = new Set(kinds.flatMap((segment) => (segment.kind === 'pattern' ? [segment.pattern] : [])));
    for (const text of [...texts].sort()) {
      edges.push({ from: node, segment: text, to: follow((segment) => accepts(segment, text)) });
    }
    // The longest pattern is tried first, and keeps those that fit whatever it fits.
    for (const shape of [...shapes].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))) {
      const to = follow(
        (segment) => segment.kind === 'any' || (segment.kind === 'pattern' && covers(segment.pattern, shape)),
      );
      patterns.push({ from: node, to, pattern: shape });
    }
    if (kinds.some(({ kind }) => kind === 'any')) {
      edges.push({ from: node, segment: '*', to: follow(({ kind }) => kind === 'any') });
    }
  }
  return { edges, patterns, leaves, depth: Math.max(0, ...paths.map(({ segments }) => segments.length)) };
}

type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'any' };

interface Path {
  readonly index: number;
  readonly segments: readonly Segment[];
  readonly methods: Map<string, Operation>;
}

function pathsOf(operations: readonly Operation[]): Path[] {
  const paths = new Map<string, Path>();
  for (const operation of operations) {
    let path = paths.get(operation.path);
    if (path === undefined) {
      path = { index: paths.size, segments: segmentsOf(operation.path), methods: new Map() };
      paths.set(operation.path, path);
    }
    path.methods.set(operation.method.toUpperCase(), operation);
  }
  return [...paths.values()];
}

/** `/` is the base path itself, and has no segment. */
export function segmentsOf(path: string): Segment[] {
  if (path === '/' || path === '') return [];
  return path
    .slice(1)
    .split('/')
    .map((segment): Segment => {
      if (/^\{[^{}]*\}$/.test(segment)) return { kind: 'any' };
      if (!/\{[^{}]*\}/.test(segment)) return { kind: 'text', text: decoded(segment) };
      const parts = segment.split(/\{[^{}]*\}/).map((text) => decoded(text).replace(/[^A-Za-z0-9_-]/g, escaped));
      return { kind: 'pattern', pattern: `^${parts.join('.+')}$` };
    });
}

const escaped = (character: string) =>
  [...Buffer.from(character, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** Segments are compared once decoded, as most servers read them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A parameter is never empty; the segment behind a final slash is. */
const accepts = (segment: Segment, text: string): boolean =>
  (segment.kind === 'any' && text !== '') ||
  (segment.kind === 'text'
    ? segment.text === text
    : segment.kind === 'pattern' &&
      new RegExp(segment.pattern, 's').test(Buffer.from(text, 'utf8').toString('latin1')));

/** Whether every segment that fits `narrow` fits `wide`: known where both have one parameter. */
function covers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [wideStart, wideEnd, ...wideRest] = wide.slice(1, -1).split('.+');
  const [start, end, ...rest] = narrow.slice(1, -1).split('.+');
  if (wideRest.length > 0 || rest.length > 0) return false;
  return (start ?? '').startsWith(wideStart ?? '') && (end ?? '').endsWith(wideEnd ?? '');
}

/**
 * The most particular path counts: text before pattern before parameter. A method that it lacks is taken from a more
 * general one, since upstreams that fall through to it would serve it, and its policy must not be missed.
 */
function methodsOf(paths: readonly Path[]): Map<string, Operation> {
  const rank = ({ segments }: Path) =>
    segments.map(({ kind }) => (kind === 'text' ? '0' : kind === 'pattern' ? '1' : '2')).join('');
  const methods = new Map<string, Operation>();
  const ordered = [...paths].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.index - b.index));
  for (const path of ordered) {
    for (const [method, operation] of path.methods) if (!methods.has(method)) methods.set(method, operation);
  }
  return methods;
}
