import { duplicateJsonKey } from './duplicate-json-key.ts';
import { firstJsonError } from './first-json-error.ts';

export type JsonReading =
  | { readonly value: unknown }
  | {
      readonly rule: 'json-syntax' | 'duplicate-key';
      readonly message: string;
      /** In UTF-16 code units from the start of the text, and how many of them it concerns. */
      readonly offset: number;
      readonly length: number;
    };

/** Reads JSON (RFC 8259) as strictly as YAML is read: a key that is there twice is refused, and not taken last. */
export function readJson(text: string): JsonReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { rule: 'json-syntax', ...syntaxError(text) };
  }
  const duplicate = duplicateJsonKey(text, value);
  if (duplicate === undefined) return { value };
  const key = duplicate.key.length > 80 ? `${duplicate.key.slice(0, 79)}…` : duplicate.key;
  const message = `\`${key}\` is here twice; only one of them could count.`;
  return { rule: 'duplicate-key', message, offset: duplicate.offset, length: key.length + 2 };
}

function syntaxError(text: string): { message: string; offset: number; length: number } {
  const offset = firstJsonError(text);
  if (offset >= text.length) return { message: 'it ends too early', offset: text.length, length: 0 };
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return { message: `${JSON.stringify(found)} cannot stand here`, offset, length: found.length };
}
