/** What is wrong with a filter, as the end of a sentence about the path that it stands in. */
export class FilterProblem extends Error {}

/** Ways to the value that a filter looks at. */
const roots = new Set(['@', '@root', '@path', '@property', '@parent', '@parentProperty']);
/** Shorthands of type, written as calls. */
const shorthands = new Set(['@string', '@number', '@boolean', '@scalar', '@array', '@null', '@object', '@integer']);
const words = new Set(['true', 'false', 'null', 'undefined', 'index']);
/** Methods of strings, arrays and patterns that take no function and give none. */
const methods = new Set(
  'match test includes startsWith endsWith indexOf lastIndexOf toLowerCase toUpperCase trim hasOwnProperty toString charAt slice substring split join concat'.split(
    ' ',
  ),
);
const forbidden = /^(?:__.*|constructor|prototype|caller|callee|arguments)$/;
const MAX_DEPTH = 40;

const token =
  /\s*(?:(?<text>'[^'\\\n`]*'|"[^"\\\n`]*")|(?<number>\d+(?:\.\d+)?)|(?<name>@?[A-Za-z_$][A-Za-z0-9_$]*|@)|(?<operator>===|!==|==|!=|<=|>=|&&|\|\||~=|[<>!+\-*%?:.,()[\]]))/y;
const pattern = /\s*\/((?:[^/\\\n[`]|\\[^\n`]|\[(?:[^\]\\\n`]|\\[^\n`])*\])+)\/([a-z]*)/y;
const binary = new Set(['===', '!==', '==', '!=', '<=', '>=', '<', '>', '&&', '||', '+', '-', '*', '%', '~=']);

/**
 * Checks the filter that begins at `start` of a path, and says where its closing parenthesis is. A small language:
 * values of the document, comparisons, `&&`, `||`, `!`, `typeof`, `void 0`, `in`, `~=`, patterns, and calls of methods
 * that are known to be harmless. Everything else is refused: other names, other calls, computed members, assignments.
 * @throws FilterProblem
 */
export function checkFilter(path: string, start: number): number {
  let at = start;
  let depth = 0;
  const fail = (): never => {
    throw new FilterProblem(`has a filter that is not let through, at \`${path.slice(at, at + 30).trim()}\``);
  };
  const peek = () => {
    token.lastIndex = at;
    return token.exec(path)?.groups as Record<'text' | 'number' | 'name' | 'operator', string | undefined> | undefined;
  };
  const next = () => {
    const found = peek();
    if (found === undefined) fail();
    at = token.lastIndex;
    return found!;
  };
  const isNext = (operator: string) => peek()?.operator === operator;
  const expect = (operator: string) => (isNext(operator) ? void next() : fail());

  const expression = (): void => {
    if (++depth > MAX_DEPTH) fail();
    unary();
    for (;;) {
      const found = peek();
      if (found?.operator === '~=') {
        next();
        matched();
      } else if (found?.operator !== undefined && binary.has(found.operator)) {
        next();
        unary();
      } else if (found?.name === 'in') {
        next();
        unary();
      } else break;
    }
    if (isNext('?')) {
      next();
      expression();
      expect(':');
      expression();
    }
    depth--;
  };
  /** The pattern after `~=` is written into code between slashes. */
  const matched = () => {
    const { text } = next();
    if (text === undefined || text.includes('/') || text.length === 2) fail();
    compiled(text!.slice(1, -1), '');
  };
  const compiled = (source: string, flags: string) => {
    try {
      RegExp(source, flags);
    } catch {
      fail();
    }
  };
  const unary = (): void => {
    const found = peek();
    if (found?.operator === '!' || found?.operator === '-' || found?.operator === '+') {
      next();
      return unary();
    }
    if (found?.name === 'typeof' || found?.name === 'void') {
      next();
      return unary();
    }
    operand();
  };
  const operand = (): void => {
    pattern.lastIndex = at;
    const regular = pattern.exec(path);
    if (regular !== null) {
      if (/[)'"]\]|[)]'|\[\?/.test(regular[0])) fail();
      compiled(regular[1]!, regular[2]!);
      at = pattern.lastIndex;
      return members();
    }
    const found = next();
    if (found.text !== undefined) {
      // Engines that look for the end of a filter without reading it must not find another one in a text.
      if (/[)\]]\]|\)'|\[\?|\(/.test(found.text) && !/^.[\w\s/.,:{}-]*.$/.test(found.text)) fail();
      return members();
    }
    if (found.number !== undefined) return;
    if (found.operator === '(') {
      expression();
      expect(')');
      return members();
    }
    if (found.operator === '[') {
      while (!isNext(']')) {
        expression();
        if (!isNext(',')) break;
        next();
      }
      expect(']');
      return members();
    }
    const { name } = found;
    if (name === undefined) return fail();
    if (shorthands.has(name)) {
      expect('(');
      return expect(')');
    }
    if (words.has(name)) return;
    if (!roots.has(name)) fail();
    members();
  };
  const members = (): void => {
    for (;;) {
      if (isNext('.')) {
        next();
        const { name } = next();
        if (name === undefined || name.startsWith('@')) fail();
        // `@.x.constructor.name` is a common way to ask for a list: the name alone, and nothing of it.
        if (name === 'constructor' && /^\s*\.\s*name\b(?!\s*[.([])/.test(path.slice(at))) {
          next();
          next();
          return;
        }
        if (forbidden.test(name!)) fail();
        if (isNext('(')) {
          if (!methods.has(name!)) fail();
          next();
          while (!isNext(')')) {
            expression();
            if (!isNext(',')) break;
            next();
          }
          expect(')');
        }
      } else if (isNext('[')) {
        next();
        const { text, number } = next();
        if (text === undefined && number === undefined) fail();
        if (text !== undefined && forbidden.test(text.slice(1, -1))) fail();
        expect(']');
        if (isNext('(')) fail();
      } else if (isNext('(')) return fail();
      else return;
    }
  };
  expression();
  const rest = /\s*/y;
  rest.lastIndex = at;
  rest.exec(path);
  return rest.lastIndex;
}
