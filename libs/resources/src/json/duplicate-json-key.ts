/**
 * Where an object of valid JSON has a key for the second time: `JSON.parse` takes the last one without a word.
 * `value` is what it made of the text. Counting tells whether there is any, in a fraction of the time of the parse;
 * only then are the keys compared.
 */
export function duplicateJsonKey(text: string, value: unknown): { key: string; offset: number } | undefined {
  return writtenKeys(text) === keptKeys(value) ? undefined : findDuplicate(text);
}

/** Colons outside strings: one for each key. */
function writtenKeys(text: string): number {
  let keys = 0;
  for (let index = 0; ;) {
    const open = text.indexOf('"', index);
    const end = open === -1 ? text.length : open;
    for (; index < end; index++) if (text.charCodeAt(index) === 0x3a) keys++;
    if (open === -1) return keys;
    index = closingQuote(text, open) + 1;
  }
}

function closingQuote(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); ; quote = text.indexOf('"', quote + 1)) {
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return quote;
  }
}

function keptKeys(root: unknown): number {
  let keys = 0;
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) keys += members.length;
    for (const member of members) if (typeof member === 'object' && member !== null) waiting.push(member);
  }
  return keys;
}

function findDuplicate(text: string): { key: string; offset: number } | undefined {
  const open: (Set<string> | null)[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x7b) open.push(new Set());
    else if (code === 0x5b) open.push(null);
    else if (code === 0x7d || code === 0x5d) open.pop();
    else if (code === 0x22) {
      const close = closingQuote(text, index);
      const keys = open.at(-1);
      if (keys && text.charCodeAt(afterWhite(text, close + 1)) === 0x3a) {
        const key = JSON.parse(text.slice(index, close + 1)) as string;
        if (keys.has(key)) return { key, offset: index };
        keys.add(key);
      }
      index = close;
    }
  }
  return undefined;
}

function afterWhite(text: string, start: number): number {
  let index = start;
  while (' \t\n\r'.includes(text.charAt(index)) && index < text.length) index++;
  return index;
}
