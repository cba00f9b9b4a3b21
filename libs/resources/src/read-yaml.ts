import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Node,
} from 'yaml';
import type { Range } from '@gitway/contracts';
import type { ReadingLimits } from './limits.ts';

export type Path = readonly (string | number)[];

/** What keeps a document from being read, before anybody asks what it means. */
export interface ReadingProblem {
  readonly rule: 'yaml-syntax' | 'yaml-unsupported' | 'duplicate-key' | 'document-too-complex';
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
}

export interface YamlReading {
  /** The value of each document, in order; undefined for one that has problems of its own. */
  readonly documents: readonly { readonly value: unknown; readonly problems: readonly ReadingProblem[] }[];
}

/**
 * Reads YAML 1.2 (and so JSON) strictly: duplicate keys, merge keys, `__proto__`, unknown tags and non-scalar keys
 * are problems and not guesses. Linear in the size of the text; depth, aliases and expanded size are bounded.
 */
export function readYaml(text: string, limits: ReadingLimits): YamlReading {
  const stream = compose(text, limits);
  if ('problem' in stream) return { documents: [{ value: undefined, problems: [stream.problem] }] };
  return {
    documents: stream.documents.map((document) => {
      const problems = syntaxProblems(document, stream.lines);
      if (problems.length > 0) return { value: undefined, problems };
      const reader = new ValueReader(limits, stream.lines);
      const value = reader.read(document.contents, 0);
      return reader.problems.length > 0 ? { value: undefined, problems: reader.problems } : { value, problems: [] };
    }),
  };
}

/** Documents with their nodes, for finding positions. Only for text that {@link readYaml} read without problems. */
export function composeDocuments(text: string, limits: ReadingLimits): { documents: Document[]; lines: LineCounter } {
  const stream = compose(text, limits);
  return 'problem' in stream ? { documents: [], lines: new LineCounter() } : stream;
}

export function rangeOfOffsets(lines: LineCounter, start: number, end: number): Range {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(end, start));
  return {
    line: Math.max(1, from.line),
    column: Math.max(1, from.col),
    endLine: Math.max(1, to.line),
    endColumn: Math.max(1, to.col),
  };
}

type Stream = { documents: Document[]; lines: LineCounter } | { problem: ReadingProblem };

function compose(text: string, limits: ReadingLimits): Stream {
  const lines = new LineCounter();
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, version: '1.2', keepSourceTokens: true });
  const documents: Document[] = [];
  const tooMuch = (message: string, offset: number): Stream => ({
    problem: {
      rule: 'document-too-complex',
      message,
      hint: 'Split it, or write it plainer.',
      range: rangeOfOffsets(lines, offset, offset),
    },
  });
  const nesting = flowNesting(text, limits.maxDepth);
  if (nesting !== null) return tooMuch(`The document is nested more than ${limits.maxDepth} levels deep.`, nesting);
  try {
    let yamlDirectives = 0;
    for (const token of tokensOf(text, lines, limits)) {
      if (token === 'too-many') return tooMuch('The document has too many parts to be read.', 0);
      if (token.type === 'directive' && token.source.startsWith('%YAML') && ++yamlDirectives > 1) {
        return { problem: duplicateDirective(lines, token.offset, token.source.length) };
      }
      if (token.type === 'document') yamlDirectives = 0;
      const deep = tooDeep(token, limits.maxDepth);
      if (deep !== null) return tooMuch(`The document is nested more than ${limits.maxDepth} levels deep.`, deep);
      for (const document of composer.next(token)) documents.push(document);
      if (documents.length > limits.maxDocuments) {
        return tooMuch(`The file holds more than ${limits.maxDocuments} documents.`, 0);
      }
    }
    for (const document of composer.end(false, text.length)) documents.push(document);
  } catch (error) {
    if (error instanceof RangeError) return tooMuch('The document is nested too deeply to be read.', 0);
    throw error;
  }
  return { documents, lines };
}

/** Tokens of the text; stops where it is made of more pieces than any honest document of the allowed size has. */
function* tokensOf(text: string, lines: LineCounter, limits: ReadingLimits): Generator<CST.Token | 'too-many'> {
  const parser = new Parser(lines.addNewLine);
  let lexemes = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > limits.maxNodes * 1.5) {
      yield 'too-many';
      return;
    }
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

function duplicateDirective(lines: LineCounter, offset: number, length: number): ReadingProblem {
  const message = 'This is not valid YAML: one document has two %YAML directives.';
  return { rule: 'yaml-syntax', message, hint: 'Delete one.', range: rangeOfOffsets(lines, offset, offset + length) };
}

/** Offset at which brackets, or indicators that nest on one line, pass the limit. A cheap upper bound before parsing. */
function flowNesting(text: string, maxDepth: number): number | null {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) {
      depth++;
      // Brackets in plain text and quotes count too, so only what is far beyond any real document is refused here.
      if (depth > deepest) deepest = depth;
      if (deepest > maxDepth * 50) return index;
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
  }
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code === 0x2d || code === 0x3f) && isBlank(text.charCodeAt(index + 1))) {
      run++;
      index++;
      if (run > maxDepth) return index;
    } else if (!isBlank(code) || code === 0x0a) run = 0;
  }
  return null;
}

const isBlank = (code: number) => code === 0x20 || code === 0x09 || code === 0x0a;

function tooDeep(token: CST.Token, maxDepth: number): number | null {
  const stack: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { token: current, depth } = next;
    if (depth > maxDepth) return current.offset;
    if (current.type === 'document') {
      if (current.value !== undefined) stack.push({ token: current.value, depth });
    } else if ('items' in current) {
      for (const item of current.items) {
        if (item.key) stack.push({ token: item.key, depth: depth + 1 });
        if (item.value) stack.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return null;
}

function syntaxProblems(document: Document, lines: LineCounter): ReadingProblem[] {
  const errors = document.errors.map((error): ReadingProblem => ({
    rule: 'yaml-syntax',
    message: `This is not valid YAML: ${sentence(error.message)}`,
    ...(error.code === 'TAB_AS_INDENT' ? { hint: 'Indent with spaces.' } : {}),
    range: rangeOfOffsets(lines, error.pos[0], error.pos[1]),
  }));
  const warnings = document.warnings.map((warning): ReadingProblem => ({
    rule: 'yaml-unsupported',
    message: sentence(warning.message),
    hint: 'Take the tag or directive away; plain YAML says it all.',
    range: rangeOfOffsets(lines, warning.pos[0], warning.pos[1]),
  }));
  return [...errors, ...warnings].slice(0, 20);
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

class ValueReader {
  readonly problems: ReadingProblem[] = [];
  readonly #limits: ReadingLimits;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, { value: unknown; nodes: number } | 'open'>();
  #nodes = 0;
  #aliases = 0;

  constructor(limits: ReadingLimits, lines: LineCounter) {
    this.#limits = limits;
    this.#lines = lines;
  }

  read(node: unknown, depth: number): unknown {
    if (this.problems.length >= 20) return undefined;
    if (isAlias(node)) return this.#readAlias(node.source, node);
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const before = this.#nodes;
    this.#nodes++;
    if (this.#nodes > this.#limits.maxNodes || depth > this.#limits.maxDepth) {
      this.#report(node as Node, 'document-too-complex', 'The document is too large or too deep when it is read.');
      return undefined;
    }
    const value = isMap(node)
      ? this.#readMap(node, depth)
      : isSeq(node)
        ? this.#readSeq(node.items, depth)
        : scalarOf(node);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, nodes: this.#nodes - before });
    return value;
  }

  #readAlias(name: string, node: Node): unknown {
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      this.#report(node, 'yaml-unsupported', `The alias *${name} stands inside or before what it names.`);
      return undefined;
    }
    this.#aliases++;
    this.#nodes += target.nodes;
    if (this.#aliases > this.#limits.maxAliases || this.#nodes > this.#limits.maxNodes) {
      this.#report(node, 'document-too-complex', 'Aliases make this document too large.', 'Write the values out.');
      this.problems.length = Math.min(this.problems.length, 20);
      return undefined;
    }
    return target.value;
  }

  #readSeq(items: readonly unknown[], depth: number): unknown[] {
    const values: unknown[] = [];
    for (const item of items) {
      if (this.problems.length >= 20) break;
      values.push(this.read(item, depth + 1));
    }
    return values;
  }

  #readMap(map: { items: readonly { key: unknown; value: unknown }[] }, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const pair of map.items) {
      if (this.problems.length >= 20) break;
      const key = this.#readKey(pair.key, depth);
      if (key === undefined) continue;
      if (seen.has(key)) {
        this.#report(
          pair.key as Node,
          'duplicate-key',
          `\`${shorten(key)}\` is here twice; only one of them could count.`,
          'Delete one of them.',
        );
        continue;
      }
      seen.add(key);
      value[key] = this.read(pair.value, depth + 1);
    }
    return value;
  }

  #readKey(node: unknown, depth: number): string | undefined {
    if (isMap(node) || isSeq(node)) {
      this.#report(node, 'yaml-unsupported', 'A key must be a plain word, not a list or a mapping.');
      return undefined;
    }
    const scalar = this.read(node, depth + 1);
    if (typeof scalar === 'object' && scalar !== null) {
      this.#report(node as Node, 'yaml-unsupported', 'A key must be a plain word, not a list or a mapping.');
      return undefined;
    }
    const key = isScalar(node) && typeof node.source === 'string' ? node.source : String(scalar ?? '');
    if (key === '<<' && isScalar(node) && node.type === 'PLAIN') {
      this.#report(node, 'yaml-unsupported', 'Merge keys (`<<`) are not part of YAML 1.2.', 'Write the fields out.');
      return undefined;
    }
    if (key === '__proto__') {
      this.#report(node as Node, 'yaml-unsupported', '`__proto__` may not be a key.', 'Choose another name.');
      return undefined;
    }
    return key;
  }

  #report(node: Node, rule: ReadingProblem['rule'], message: string, hint?: string): void {
    if (this.problems.length >= 20) return;
    const [start, end] = node?.range ?? [0, 0];
    const problem = {
      rule,
      message,
      range: rangeOfOffsets(this.#lines, start, isMap(node) || isSeq(node) ? start : end),
    };
    this.problems.push(hint === undefined ? problem : { ...problem, hint });
  }
}

const scalarOf = (node: unknown): unknown => (isScalar(node) ? node.value : null);
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
