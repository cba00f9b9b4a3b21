import { isUtf8 } from 'node:buffer';

export type DecodedText = { readonly text: string } | { readonly problem: string; readonly hint: string };

/** Files are UTF-8. A byte order mark is accepted and taken off; positions then count without it. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16;
  if (!isUtf8(bytes)) return { problem: 'The file is not valid UTF-8.', hint: 'Save it as UTF-8.' };
  if (bytes.includes(0)) {
    return { problem: 'The file holds a NUL character.', hint: 'Save it as UTF-8 text without NUL characters.' };
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes);
  return { text };
}

const utf16 = { problem: 'The file is UTF-16.', hint: 'Save it as UTF-8.' };
