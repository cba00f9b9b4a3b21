import type { Range } from '@gitway/contracts';

/**
 * The range of a part of a string value within the file that it was read from: `start` and `end` count in the value,
 * `scalar` is where the whole scalar stands. Follows plain, quoted and block scalars, also folded ones; where the text
 * cannot be followed (an escape that is not one character, for example), it is the whole scalar.
 */
export function partOfScalar(text: string, scalar: Range, value: string, start: number, end: number): Range {
  const lines = lineStarts(text);
  const from = (lines[scalar.line - 1] ?? 0) + scalar.column - 1;
  const to = (lines[scalar.endLine - 1] ?? 0) + scalar.endColumn - 1;
  const offsets = follow(text.slice(from, to), value);
  if (offsets === undefined) return scalar;
  const first = offsets[Math.min(start, value.length)]!;
  const last = end > start ? offsets[Math.min(end, value.length) - 1]! + 1 : first + 1;
  const place = (offset: number) => {
    let line = scalar.line;
    while (line < lines.length && lines[line]! <= offset) line++;
    return { line, column: offset - lines[line - 1]! + 1 };
  };
  const begin = place(from + first);
  const finish = place(from + last);
  return { line: begin.line, column: begin.column, endLine: finish.line, endColumn: finish.column };
}

/** For each character of the value its offset in the raw text, and one for its end. */
function follow(raw: string, value: string): number[] | undefined {
  const offsets: number[] = [];
  const quote = raw[0] === '"' || raw[0] === "'" ? raw[0] : undefined;
  const block = raw[0] === '|' || raw[0] === '>';
  let indent = 0;
  let at = quote === undefined ? 0 : 1;
  if (block) {
    at = raw.indexOf('\n') + 1;
    if (at === 0) return undefined;
    indent = /^ */.exec(raw.slice(at).replace(/^(?: *\r?\n)+/, ''))![0].length;
    at += countSpaces(raw, at, indent);
  }
  for (const character of splitUnits(value)) {
    if (quote === '"' && raw[at] === '\\') at++;
    if (quote === "'" && raw[at] === "'" && raw[at + 1] === "'") at++;
    offsets.push(at);
    if (raw[at] === character) {
      at++;
      if (character === '\n' && block) at += countSpaces(raw, at, indent);
    } else if ((character === ' ' || character === '\n') && /\s/.test(raw[at] ?? '')) {
      while (/\s/.test(raw[at] ?? '')) at++;
    } else return undefined;
  }
  offsets.push(at);
  return offsets;
}

const splitUnits = (value: string) => Array.from({ length: value.length }, (_, index) => value[index]!);

function countSpaces(raw: string, from: number, most: number): number {
  let count = 0;
  while (count < most && raw[from + count] === ' ') count++;
  return count;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
