const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end';

/**
 * Offset of the first character that JSON does not allow; the engine's own messages do not always say it.
 * Linear, and without recursion. Expects text that `JSON.parse` refused.
 */
export function firstJsonError(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  for (let at = skipWhite(text, 0); ; at = skipWhite(text, at)) {
    const end = endOfToken(text, at);
    if (end === at) return at;
    const sign = '{}[]:,'.includes(text.charAt(at)) ? text.charAt(at) : '';
    const next = after(expected, sign, text.charAt(at) === '"', open);
    if (next === undefined) return at;
    expected = next;
    at = end;
  }
}

/** What may follow a token; undefined where the token may not stand. Keeps `open`, the brackets that are open. */
function after(expected: Expected, sign: string, isString: boolean, open: string[]): Expected | undefined {
  const ended = (): Expected => (open.length === 0 ? 'end' : 'comma');
  switch (expected) {
    case 'end':
      return undefined;
    case 'colon':
      return sign === ':' ? 'value' : undefined;
    case 'comma':
      if (sign === ',') return open.at(-1) === '{' ? 'key' : 'value';
      return closes(sign, open) ? ended() : undefined;
    case 'key':
    case 'key or }':
      if (isString) return 'colon';
      return expected === 'key or }' && closes(sign, open) ? ended() : undefined;
    case 'value':
    case 'value or ]':
      if (sign === '') return ended();
      if (sign === '{' || sign === '[') {
        open.push(sign);
        return sign === '{' ? 'key or }' : 'value or ]';
      }
      return expected === 'value or ]' && closes(sign, open) ? ended() : undefined;
  }
}

function closes(sign: string, open: string[]): boolean {
  if ((sign === '}' && open.at(-1) === '{') || (sign === ']' && open.at(-1) === '[')) {
    open.pop();
    return true;
  }
  return false;
}

/** Where the token at `start` ends; `start` itself where there is none. */
function endOfToken(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === '') return start;
  if ('{}[]:,'.includes(first)) return start + 1;
  if (first === '"') return endOfString(text, start);
  scalar.lastIndex = start;
  return scalar.test(text) ? scalar.lastIndex : start;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    if (code < 0x20) return start;
    if (code !== 0x5c) continue;
    const escape = text.charAt(index + 1);
    if (escape === 'u') {
      if (!/^[0-9A-Fa-f]{4}$/.test(text.slice(index + 2, index + 6))) return start;
      index += 5;
    } else if (escape !== '' && '"\\/bfnrt'.includes(escape)) index++;
    else return start;
  }
  return start;
}

function skipWhite(text: string, start: number): number {
  let index = start;
  while (index < text.length && ' \t\n\r'.includes(text.charAt(index))) index++;
  return index;
}
