import type { Range } from '@gitway/contracts';
import { parseYaml } from '@redocly/openapi-core';
import { openApiLimits } from '@gitway/resources';
import { firstJsonError } from './first-json-error.ts';

export type ParsedDocument =
  | { readonly value: unknown }
  | { readonly message: string; readonly rule: 'openapi-syntax' | 'document-too-complex'; readonly range?: Range };

/**
 * Parses without keeping positions: JSON natively, YAML by js-yaml, an eighth of the time of a parse that keeps them.
 */
export function parseDocument(path: string, text: string): ParsedDocument {
  try {
    const value = parseAsNamed(path, text);
    const excess = tooComplex(value);
    return excess === undefined ? { value } : { rule: 'document-too-complex', message: excess };
  } catch (error) {
    if (error instanceof RangeError)
      return { rule: 'document-too-complex', message: 'It is nested too deeply to be read.' };
    return failure(error, path, text);
  }
}

/** Undefined when the text is not what the name says. Several YAML documents are fine, and have no value. */
export function parseQuickly(path: string, text: string): { value: unknown } | undefined {
  try {
    return { value: parseAsNamed(path, text) };
  } catch (error) {
    return error instanceof Error && error.message.includes('single document') ? { value: undefined } : undefined;
  }
}

function parseAsNamed(path: string, text: string): unknown {
  if (/\.json$/i.test(path)) return JSON.parse(text) as unknown;
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // Flow-style YAML begins with a brace as well.
    }
  }
  return parseYaml(text);
}

function failure(error: unknown, path: string, text: string): ParsedDocument {
  const json = /\.json$/i.test(path);
  const message = error instanceof Error ? error.message : String(error);
  const mark = (error as { mark?: { line?: number; column?: number } }).mark;
  const reason =
    (error as { reason?: string }).reason ??
    message.replace(/(,? "?\.\.\.| in JSON at position \d+|, ".*" is not valid JSON).*$/s, '');
  const offset = json ? firstJsonError(text) : undefined;
  const place =
    offset === undefined
      ? { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 }
      : placeOfOffset(text, offset);
  const range = { ...place, endLine: place.line, endColumn: place.column + 1 };
  const sentence = oneLine(reason);
  return { rule: 'openapi-syntax', message: `This is not valid ${json ? 'JSON' : 'YAML'}: ${sentence}`, range };
}

function placeOfOffset(text: string, offset: number) {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** A message of somebody else's as one bounded sentence. */
export function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim().slice(0, 500);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/**
 * Depth, and size with aliases written out; both in one walk that visits each object once. Who walks the document
 * later meets what stands behind an alias each time, so that may not be much more than what is really there.
 */
function tooComplex(root: unknown): string | undefined {
  const sizes = new Map<object, number>();
  let members = 0;
  const measure = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    if (depth > openApiLimits.maxDepth) {
      throw new TooComplex(`It is nested more than ${openApiLimits.maxDepth} levels deep.`);
    }
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (Object.hasOwn(value, '__proto__')) throw new TooComplex('`__proto__` may not be a key.');
    let size = 1;
    sizes.set(value, Infinity);
    for (const member of Array.isArray(value) ? value : Object.values(value)) {
      members++;
      size += measure(member, depth + 1);
    }
    sizes.set(value, size);
    return size;
  };
  try {
    const size = measure(root, 0);
    return size > openApiLimits.maxNodes || size > members * 10 + 100_000 ? 'Aliases make it too large.' : undefined;
  } catch (error) {
    if (error instanceof TooComplex) return error.message;
    throw error;
  }
}

class TooComplex extends Error {}
