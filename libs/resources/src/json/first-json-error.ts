const token =
  /[\t\n\r ]*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Offset of the first character that JSON does not allow; the engine's own messages do not always say it.
 * Linear, and without recursion. Expects text that `JSON.parse` refused.
 */
export function firstJsonError(text: string): number {
  const open: string[] = [];
  let expected: 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end' = 'value';
  token.lastIndex = 0;
  for (;;) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) return skipWhite(text, start);
    const [whole, sign, string] = match;
    const at = start + whole.length - whole.trimStart().length;
    const isValue = sign === undefined;
    if (expected === 'end') return at;
    if (expected === 'colon') {
      if (sign !== ':') return at;
      expected = 'value';
    } else if (expected === 'comma') {
      if (sign === ',') expected = open.at(-1) === '{' ? 'key' : 'value';
      else if (closes(sign, open)) expected = open.length === 0 ? 'end' : 'comma';
      else return at;
    } else if (expected === 'key' || expected === 'key or }') {
      if (string !== undefined) expected = 'colon';
      else if (expected === 'key or }' && closes(sign, open)) expected = open.length === 0 ? 'end' : 'comma';
      else return at;
    } else if (isValue) expected = open.length === 0 ? 'end' : 'comma';
    else if (sign === '{' || sign === '[') {
      open.push(sign);
      expected = sign === '{' ? 'key or }' : 'value or ]';
    } else if (expected === 'value or ]' && closes(sign, open)) expected = open.length === 0 ? 'end' : 'comma';
    else return at;
  }
}

function closes(sign: string | undefined, open: string[]): boolean {
  if ((sign === '}' && open.at(-1) === '{') || (sign === ']' && open.at(-1) === '[')) {
    open.pop();
    return true;
  }
  return false;
}

function skipWhite(text: string, start: number): number {
  let index = start;
  while (index < text.length && ' \t\n\r'.includes(text[index]!)) index++;
  return index;
}
