/**
 * Patterns of users. They are read here, as RE2 syntax, into a tree, and written anew for HAProxy's engine, so that no
 * construct of that engine can be reached and both mean the same. That engine goes back and tries again; what that can
 * cost is computed from the tree, and a pattern that could hold up the gateway's one thread is refused.
 */
export type Node =
  | { readonly kind: 'set'; readonly bytes: ReadonlySet<number> }
  | { readonly kind: 'assertion'; readonly text: string }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

export class PatternProblem extends Error {}

const fail = (message: string): never => {
  throw new PatternProblem(message);
};

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const code = (text: string) => text.charCodeAt(0);
const DIGITS = range(code('0'), code('9'));
const WORD = [...DIGITS, ...range(code('A'), code('Z')), ...range(code('a'), code('z')), code('_')];
const SPACE = [9, 10, 12, 13, 32];
const ALL = range(0, 255);
const not = (bytes: Iterable<number>) => {
  const out = new Set(bytes);
  return ALL.filter((byte) => !out.has(byte));
};
const CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: DIGITS,
  D: not(DIGITS),
  s: SPACE,
  S: not(SPACE),
  w: WORD,
  W: not(WORD),
};
const NAMED: Readonly<Record<string, readonly number[]>> = {
  alnum: WORD.filter((byte) => byte !== code('_')),
  alpha: WORD.filter((byte) => byte > code('9') && byte !== code('_')),
  digit: DIGITS,
  lower: range(code('a'), code('z')),
  upper: range(code('A'), code('Z')),
  space: [9, 10, 11, 12, 13, 32],
  blank: [9, 32],
  word: WORD,
  xdigit: [...DIGITS, ...range(code('A'), code('F')), ...range(code('a'), code('f'))],
  punct: range(33, 126).filter((byte) => !WORD.includes(byte) || byte === code('_')),
  cntrl: [...range(0, 31), 127],
  print: range(32, 126),
  graph: range(33, 126),
};
const CONTROL: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

interface Flags {
  readonly i: boolean;
  readonly s: boolean;
  readonly m: boolean;
}

/** @throws PatternProblem */
export function parsePattern(source: string): Node {
  const parser = new Parser(source);
  const tree = parser.choice({ i: false, s: false, m: false });
  if (!parser.atEnd) fail('has a `)` too many');
  return tree;
}

class Parser {
  private at = 0;
  private flags: Flags = { i: false, s: false, m: false };

  constructor(private readonly source: string) {}

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  choice(flags: Flags): Node {
    const outer = this.flags;
    this.flags = flags;
    const items = [this.sequence()];
    while (this.take('|')) items.push(this.sequence());
    this.flags = outer;
    return items.length === 1 ? (items[0] as Node) : { kind: 'choice', items };
  }

  private sequence(): Node {
    const items: Node[] = [];
    while (!this.atEnd && this.peek !== '|' && this.peek !== ')') {
      const item = this.atom();
      if (item !== null) items.push(this.repeated(item));
    }
    return items.length === 1 ? (items[0] as Node) : { kind: 'sequence', items };
  }

  private get peek(): string {
    return this.source[this.at] ?? '';
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private matched(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, 'yu');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.source);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private repeated(item: Node): Node {
    const found = this.matched(/\*|\+|\?|\{(\d{1,4})(,(\d{1,4})?)?\}/);
    if (found === null) return item;
    const [text, from, more, to] = found;
    const [min, max] =
      from === undefined
        ? [text === '+' ? 1 : 0, text === '?' ? 1 : Infinity]
        : [Number(from), more === undefined ? Number(from) : to === undefined ? Infinity : Number(to)];
    if (min > max || (max !== Infinity && max > 1000) || min > 1000) fail('repeats from 0 to 1000 times at most');
    // Whether it is greedy changes what is found, not whether something is.
    this.take('?');
    if (this.matched(/\*|\+|\?|\{\d+(,\d*)?\}/) !== null) fail('repeats a repetition; put it into `(?:…)`');
    return { kind: 'repeat', item, min, max };
  }

  private atom(): Node | null {
    if (this.take('(')) return this.group();
    if (this.take('[')) return this.bracket();
    if (this.take('.')) return set(this.flags.s ? ALL : not([10]), false);
    if (this.take('^')) return { kind: 'assertion', text: this.flags.m ? '(?m:^)' : '^' };
    if (this.take('$')) return { kind: 'assertion', text: this.flags.m ? '(?m:$)' : '\\z' };
    if (this.take('\\')) return this.escape();
    if (this.matched(/[*+?]/) !== null) fail('repeats nothing');
    return this.literal(this.matched(/[^]/)?.[0] ?? '');
  }

  private group(): Node | null {
    const flags = this.matched(/\?([imsU]*)(?:-([imsU]+))?([:)])/);
    let inner = this.flags;
    if (flags !== null) {
      const [, on = '', off = '', end] = flags;
      const flag = (name: 'i' | 's' | 'm') => (off.includes(name) ? false : on.includes(name) || inner[name]);
      const changed = { i: flag('i'), s: flag('s'), m: flag('m') };
      if (end === ')') {
        this.flags = changed;
        return null;
      }
      inner = changed;
    } else if (this.matched(/\?P?<[A-Za-z0-9_]+>/) === null && this.peek === '?') {
      fail('looks ahead or behind, or is no RE2 syntax');
    }
    const tree = this.choice(inner);
    if (!this.take(')')) fail('has a `(` without `)`');
    return tree;
  }

  private escape(): Node {
    if (this.take('Q')) {
      const end = this.source.indexOf('\\E', this.at);
      const text = this.source.slice(this.at, end === -1 ? undefined : end);
      this.at = end === -1 ? this.source.length : end + 2;
      return { kind: 'sequence', items: Array.from(text, (letter) => this.literal(letter)) };
    }
    const assertion = this.matched(/[bBAz]/)?.[0];
    if (assertion !== undefined) return { kind: 'assertion', text: assertion === 'A' ? '^' : `\\${assertion}` };
    return set(this.escaped(), this.flags.i);
  }

  /** What an escape stands for, in a class or outside. */
  private escaped(): readonly number[] {
    const known = CLASSES[this.peek];
    if (known !== undefined) {
      this.at += 1;
      return known;
    }
    const hex = this.matched(/x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/);
    if (hex !== null) {
      const byte = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      return byte < 128 ? [byte] : fail('may name characters by number up to \\x7f only');
    }
    const control = CONTROL[this.peek];
    if (control !== undefined) {
      this.at += 1;
      return [control];
    }
    const letter = this.matched(/[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e]/)?.[0];
    return letter === undefined ? fail(`has an escape that is not known here: \\${this.peek}`) : [code(letter)];
  }

  private bracket(): Node {
    const negated = this.take('^');
    const bytes = new Set<number>();
    for (let first = true; first || this.peek !== ']'; first = false) {
      if (this.atEnd) fail('has a `[` without `]`');
      const named = this.matched(/\[:(\^?)([a-z]+):\]/);
      if (named !== null) {
        const known = NAMED[named[2] ?? ''] ?? fail(`has a class that is not known: ${named[0]}`);
        for (const byte of named[1] === '^' ? not(known) : known) bytes.add(byte);
        continue;
      }
      const from = this.member();
      const [start] = from;
      if (from.length === 1 && this.peek === '-' && this.source[this.at + 1] !== ']' && start !== undefined) {
        this.at += 1;
        const [end, ...more] = this.member();
        if (end === undefined || more.length > 0 || end < start) fail('has a range that ends before it begins');
        for (const byte of range(start, end as number)) bytes.add(byte);
      } else for (const byte of from) bytes.add(byte);
    }
    this.at += 1;
    const folded = this.flags.i ? fold(bytes) : bytes;
    return set(negated ? not(folded) : folded, false);
  }

  private member(): readonly number[] {
    if (this.take('\\')) return this.escaped();
    const letter = this.matched(/[\u0000-\u007f]/)?.[0];
    return letter === undefined ? fail('may hold characters of ASCII only in `[…]`') : [code(letter)];
  }

  /** One character; beyond ASCII, the bytes of its UTF-8. */
  private literal(letter: string): Node {
    const bytes = [...Buffer.from(letter, 'utf8')];
    if (bytes.length === 1) return set(bytes, this.flags.i);
    return { kind: 'sequence', items: bytes.map((byte) => set([byte], false)) };
  }
}

function fold(bytes: Iterable<number>): Set<number> {
  const folded = new Set(bytes);
  for (const byte of [...folded]) {
    const letter = String.fromCharCode(byte);
    if (/[A-Za-z]/.test(letter)) {
      folded.add(code(letter.toLowerCase()));
      folded.add(code(letter.toUpperCase()));
    }
  }
  return folded;
}

const set = (bytes: Iterable<number>, folded: boolean): Node => ({
  kind: 'set',
  bytes: folded ? fold(bytes) : new Set(bytes),
});
