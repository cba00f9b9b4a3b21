import { Composer, type CST, type Document, isScalar, Lexer, LineCounter, Parser } from 'yaml';
import type { ReadingLimits } from './limits.ts';
import { ValueReader } from './value-reader.ts';
import { rangeOfOffsets, type Ambiguity, type ReadingProblem } from './yaml-problem.ts';

export type Path = readonly (string | number)[];

export interface YamlReading {
  readonly documents: readonly YamlDocument[];
}

export interface YamlDocument {
  /** Undefined where there are problems. */
  readonly value: unknown;
  readonly problems: readonly ReadingProblem[];
  /** What other readers would take differently (rule `yaml-ambiguous`); whoever owns the format decides if it may be. */
  readonly ambiguities: readonly Ambiguity[];
}

/**
 * Reads YAML 1.2 (and so JSON) strictly: duplicate keys, merge keys, `__proto__`, unknown tags, keys that are missing or
 * are no text are problems and not guesses. `%YAML 1.1` changes nothing; directives that nobody knows are passed over,
 * as the specification has it. Linear in the size of the text; depth, aliases and expanded size are bounded.
 */
export function readYaml(text: string, limits: ReadingLimits): YamlReading {
  const stream = compose(text, limits);
  if ('problem' in stream) return { documents: [{ value: undefined, problems: [stream.problem], ambiguities: [] }] };
  return {
    documents: stream.documents.map((document) => {
      const problems = syntaxProblems(document, stream.lines);
      if (problems.length > 0) return { value: undefined, problems, ambiguities: [] };
      const reader = new ValueReader(limits, stream.lines);
      const value = reader.read(document.contents, 0);
      const refused = reader.problems.length > 0;
      return { value: refused ? undefined : value, problems: reader.problems, ambiguities: reader.ambiguities };
    }),
  };
}

/** Documents with their nodes, for finding positions. Only for text that {@link readYaml} read without problems. */
export function composeDocuments(text: string, limits: ReadingLimits): { documents: Document[]; lines: LineCounter } {
  const stream = compose(text, limits);
  return 'problem' in stream ? { documents: [], lines: new LineCounter() } : stream;
}

type Stream = { documents: Document[]; lines: LineCounter } | { problem: ReadingProblem };

function compose(text: string, limits: ReadingLimits): Stream {
  const lines = new LineCounter();
  const composer = new Composer({
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    keepSourceTokens: true,
  });
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
  if (nesting !== null) {
    for (let start = 0; start <= nesting; start = text.indexOf('\n', start) + 1 || text.length + 1)
      lines.addNewLine(start);
    return tooMuch(`The document is nested more than ${limits.maxDepth} levels deep.`, nesting);
  }
  try {
    let yamlDirectives = 0;
    let directive: { offset: number; source: string } | undefined;
    for (const token of tokensOf(text, lines, limits)) {
      if (token === 'too-many') return tooMuch('The document has too many parts to be read.', 0);
      if (token.type === 'directive') directive = token;
      if (token.type === 'directive' && token.source.startsWith('%YAML') && ++yamlDirectives > 1) {
        return directiveProblem(lines, token, 'one document has two %YAML directives', 'Delete one.');
      }
      if (token.type === 'byte-order-mark' && token.offset > 0) {
        const range = rangeOfOffsets(lines, token.offset, token.offset + 1);
        const message = 'A byte order mark stands inside the text.';
        return { problem: { rule: 'yaml-ambiguous', message, hint: 'Delete the character.', range } };
      }
      if (token.type === 'document') {
        yamlDirectives = 0;
        directive = undefined;
      }
      const deep = tooDeep(token, limits.maxDepth);
      if (deep !== null) return tooMuch(`The document is nested more than ${limits.maxDepth} levels deep.`, deep);
      for (const document of composer.next(token)) documents.push(document);
      if (documents.length > limits.maxDocuments) {
        return tooMuch(`The file holds more than ${limits.maxDocuments} documents.`, 0);
      }
    }
    for (const document of composer.end(false, text.length)) documents.push(document);
    if (directive !== undefined) return directiveProblem(lines, directive, 'no document follows', 'Delete the line.');
  } catch (error) {
    if (error instanceof RangeError) return tooMuch('The document is nested too deeply to be read.', 0);
    throw error;
  }
  return { documents: documents.filter((document) => !isNothing(document)), lines };
}

/** What lies between two `...` is a document only when something says so. */
const isNothing = ({ contents, directives, errors, warnings }: Document) =>
  errors.length + warnings.length === 0 &&
  directives?.docStart !== true &&
  (contents === null || (isScalar(contents) && contents.source === '' && contents.type === 'PLAIN' && !contents.tag));

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

function directiveProblem(
  lines: LineCounter,
  { offset, source }: { offset: number; source: string },
  what: string,
  hint: string,
): Stream {
  const range = rangeOfOffsets(lines, offset, offset + source.length);
  return { problem: { rule: 'yaml-syntax', message: `This is not valid YAML: ${what}.`, hint, range } };
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
  const warnings = document.warnings
    .filter(({ message }) => !harmless.test(message))
    .map((warning): ReadingProblem => ({
      rule: 'yaml-unsupported',
      message: sentence(warning.message),
      hint: 'Take the tag or directive away; plain YAML says it all.',
      range: rangeOfOffsets(lines, warning.pos[0], warning.pos[1]),
    }));
  return [...errors, ...warnings].slice(0, 20);
}

/** YAML 1.2.2, 6.8: reserved directives and later minor versions are to be ignored. */
const harmless = /^(?:Unknown directive|Unsupported YAML version 1\.)/;
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
