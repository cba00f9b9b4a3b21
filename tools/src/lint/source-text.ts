/**
 * A TypeScript source with its comments, and on request the content of its strings, replaced by blanks: what is
 * left can be searched by patterns, at the same lines. Good enough for our own formatted sources; no parser.
 */
export function blank(source: string, options: { strings: boolean }): string {
  let out = '';
  let at = 0;
  /** Open template literals, by how many braces are open inside their current `${`. */
  const templates: number[] = [];
  const keep = (length: number) => {
    out += source.slice(at, at + length);
    at += length;
  };
  const erase = (end: number) => {
    out += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  const text = (end: number) => (options.strings ? erase(end) : keep(end - at));

  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const one = two[0]!;
    if (two === '//') erase(indexOr(source, '\n', at));
    else if (two === '/*') erase(indexOr(source, '*/', at + 2) + 2);
    else if (one === "'" || one === '"') quoted(one);
    else if (one === '`') {
      keep(1);
      templateText();
    } else if (one === '/' && /(^|[(,=:[!&|?{};+*%~^<>-]|\breturn|\btypeof|\bcase)\s*$/.test(lineBefore(out))) regex();
    else if (templates.length > 0 && one === '{') {
      templates[templates.length - 1]! += 1;
      keep(1);
    } else if (templates.length > 0 && one === '}') {
      keep(1);
      if (templates.at(-1) === 0) {
        templates.pop();
        templateText();
      } else templates[templates.length - 1]! -= 1;
    } else keep(1);
  }
  return out;

  function quoted(quote: string): void {
    keep(1);
    let end = at;
    while (end < source.length && source[end] !== quote && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
    text(Math.min(end, source.length));
    keep(1);
  }

  function templateText(): void {
    let end = at;
    while (end < source.length && source[end] !== '`' && source.slice(end, end + 2) !== '${') {
      end += source[end] === '\\' ? 2 : 1;
    }
    text(Math.min(end, source.length));
    if (source[at] === '`') keep(1);
    else if (at < source.length) {
      keep(2);
      templates.push(0);
    }
  }

  function regex(): void {
    keep(1);
    let end = at;
    let inClass = false;
    while (end < source.length && source[end] !== '\n' && (inClass || source[end] !== '/')) {
      if (source[end] === '[') inClass = true;
      else if (source[end] === ']') inClass = false;
      end += source[end] === '\\' ? 2 : 1;
    }
    text(Math.min(end, source.length));
    keep(1);
  }
}

function indexOr(source: string, needle: string, from: number): number {
  const found = source.indexOf(needle, from);
  return found < 0 ? source.length : found;
}

function lineBefore(out: string): string {
  return out.slice(Math.max(0, out.length - 80)).replace(/\s+$/, '');
}

export function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
