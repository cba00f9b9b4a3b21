import { type Node, parsePattern, PatternProblem } from './pattern.ts';

/** Steps that one look may take at worst: a few milliseconds. */
const MOST_STEPS = 4_200_000;
/** How many bytes a pattern may look at: the first of these at which it stays within the steps. */
const REACHES = [8192, 2048, 1024];

export interface Compiled {
  /** For HAProxy: ASCII without quotes, blanks and control characters. */
  readonly pattern: string;
  /** Bytes that it may be given. */
  readonly reach: number;
  readonly anchored: boolean;
}

/** @returns why the pattern cannot be used, or what it becomes */
export function compilePattern(source: string): Compiled | string {
  try {
    const tree = trimmed(parsePattern(source));
    const { ways, powers } = costOf(tree);
    const start = beginsAtStart(tree) ? 0 : 1;
    const reach = REACHES.find((bytes) => ways * bytes ** (powers + start) <= MOST_STEPS);
    if (reach === undefined) return 'could take too long: use fewer `*`, `+` and alternatives in a row';
    return { pattern: printed(tree), reach, anchored: asserts(tree) };
  } catch (error) {
    if (error instanceof PatternProblem) return error.message;
    throw error;
  }
}

/** What may stand at an end as often as it likes, none at all included, finds nothing more there. */
function trimmed(node: Node): Node {
  if (node.kind === 'choice') return { kind: 'choice', items: node.items.map(trimmed) };
  if (node.kind !== 'sequence') return node;
  const idle = (item: Node | undefined) => item?.kind === 'repeat' && item.min === 0;
  let from = 0;
  let to = node.items.length;
  while (to > from && idle(node.items[to - 1])) to -= 1;
  while (from < to && idle(node.items[from])) from += 1;
  return { kind: 'sequence', items: node.items.slice(from, to) };
}

/** In how many ways it can go on from one place: `ways × length ^ powers`. */
interface Cost {
  readonly ways: number;
  readonly powers: number;
}

function costOf(node: Node): Cost {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return { ways: 1, powers: 0 };
    case 'sequence':
      return node.items
        .map(costOf)
        .reduce((all, one) => ({ ways: all.ways * one.ways, powers: all.powers + one.powers }), { ways: 1, powers: 0 });
    case 'choice': {
      const costs = node.items.map(costOf);
      const powers = Math.max(...costs.map((cost) => cost.powers));
      const ways = costs.map((cost) => cost.ways);
      return { powers, ways: exclusive(node.items) ? Math.max(...ways) : ways.reduce((all, one) => all + one, 0) };
    }
    case 'repeat':
      return repeatCost(node);
  }
}

function repeatCost({ item, min, max }: Extract<Node, { kind: 'repeat' }>): Cost {
  const inner = costOf(item);
  if (max <= 1) return { ways: inner.ways + (max - min), powers: inner.powers };
  if (inner.powers > 0 || nullable(item)) throw new PatternProblem('repeats what repeats: `(a+)+` could take for ever');
  if (max === Infinity) {
    if (inner.ways > 1)
      throw new PatternProblem('repeats what can be read in several ways: `(a|ab)*` could take for ever');
    return { ways: 1, powers: 1 };
  }
  return { ways: inner.ways ** max * (max - min + 1), powers: 0 };
}

const nullable = (node: Node): boolean =>
  node.kind === 'assertion' ||
  (node.kind === 'sequence' && node.items.every(nullable)) ||
  (node.kind === 'choice' && node.items.some(nullable)) ||
  (node.kind === 'repeat' && (node.min === 0 || nullable(node.item)));

/** Whether the first byte says which of them it is. */
function exclusive(items: readonly Node[]): boolean {
  if (items.some(nullable)) return false;
  const seen = new Set<number>();
  return items.every((item) => {
    const first = firstOf(item);
    const fresh = [...first].every((byte) => !seen.has(byte));
    for (const byte of first) seen.add(byte);
    return fresh;
  });
}

function firstOf(node: Node): Set<number> {
  if (node.kind === 'set') return new Set(node.bytes);
  if (node.kind === 'repeat') return firstOf(node.item);
  if (node.kind === 'choice') return new Set(node.items.flatMap((item) => [...firstOf(item)]));
  if (node.kind === 'assertion') return new Set();
  const end = node.items.findIndex((item) => !nullable(item));
  return new Set(node.items.slice(0, end === -1 ? undefined : end + 1).flatMap((item) => [...firstOf(item)]));
}

const beginsAtStart = (node: Node): boolean =>
  (node.kind === 'assertion' && node.text === '^') ||
  (node.kind === 'sequence' && node.items[0] !== undefined && beginsAtStart(node.items[0])) ||
  (node.kind === 'choice' && node.items.every(beginsAtStart));

/** Whether it asks for the beginning or the end of what it looks at. */
const asserts = (node: Node): boolean =>
  (node.kind === 'assertion' && !/^\\[bB]$/.test(node.text)) ||
  ((node.kind === 'sequence' || node.kind === 'choice') && node.items.some(asserts)) ||
  (node.kind === 'repeat' && asserts(node.item));

function printed(node: Node): string {
  switch (node.kind) {
    case 'set':
      return printedSet(node.bytes);
    case 'assertion':
      return node.text;
    case 'sequence':
      return node.items.map((item) => (item.kind === 'choice' ? `(?:${printed(item)})` : printed(item))).join('');
    case 'choice':
      return node.items.map(printed).join('|');
    case 'repeat': {
      const most = node.max === Infinity ? '' : String(node.max);
      return `(?:${printed(node.item)}){${node.min},${most}}`;
    }
  }
}

const printedByte = (byte: number) => {
  const letter = String.fromCharCode(byte);
  return /[A-Za-z0-9]/.test(letter) ? letter : `\\x${byte.toString(16).padStart(2, '0')}`;
};

function printedSet(bytes: ReadonlySet<number>): string {
  const sorted = [...bytes].sort((a, b) => a - b);
  const [only] = sorted;
  if (only === undefined) return '(?!)';
  if (sorted.length === 1) return printedByte(only);
  const runs: [number, number][] = [];
  for (const byte of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === byte - 1) last[1] = byte;
    else runs.push([byte, byte]);
  }
  return `[${runs.map(([from, to]) => (from === to ? printedByte(from) : `${printedByte(from)}-${printedByte(to)}`)).join('')}]`;
}
