import type { Range } from '@gitway/contracts';
import { parseYaml } from '@redocly/openapi-core';
import { openApiLimits, readJson } from '@gitway/resources';
import { checkParsed } from './check-parsed.ts';
import { unusualTag } from './unusual-tag.ts';

export interface UnparsedDocument {
  readonly rule: 'openapi-syntax' | 'document-too-complex' | 'duplicate-key' | 'yaml-unsupported';
  readonly message: string;
  readonly range?: Range;
}
export type ParsedDocument = { readonly value: unknown } | UnparsedDocument;

/** How many keys may be copied by `<<` over a document. */
const MAX_MERGED_KEYS = 10_000;

/**
 * Parses without keeping positions: JSON natively, YAML by js-yaml, an eighth of the time of a parse that keeps them.
 * What it reads, the reader of resources reads alike, or refuses (it is stricter).
 */
export function parseDocument(path: string, text: string): ParsedDocument {
  const parsed = parseAsNamed(path, text);
  return 'message' in parsed ? parsed : (checkParsed(parsed.value) ?? parsed);
}

/** Undefined when the text is not what the name says. Several YAML documents are fine, and have no value. */
export function parseQuickly(path: string, text: string): { value: unknown } | undefined {
  const parsed = parseAsNamed(path, text);
  if (!('message' in parsed)) return parsed;
  return parsed.message.includes('single document') ? { value: undefined } : undefined;
}

function parseAsNamed(path: string, text: string): ParsedDocument {
  const named = /\.json$/i.test(path);
  // Flow-style YAML begins with a brace as well: what is no JSON may be that.
  if (named || /^\s*\{/.test(text)) {
    const reading = readJson(text);
    if ('value' in reading) return reading;
    if (named || reading.rule === 'duplicate-key') {
      const { offset, length } = reading;
      const place = placeOfOffset(text, offset);
      const range = { ...place, endLine: place.line, endColumn: place.column + Math.max(1, length) };
      if (reading.rule === 'duplicate-key') return { rule: reading.rule, message: reading.message, range };
      return { rule: 'openapi-syntax', message: `This is not valid JSON: ${oneLine(reading.message)}`, range };
    }
  }
  return parseAsYaml(text);
}

function parseAsYaml(text: string): ParsedDocument {
  const tag = unusualTag(text);
  if (tag !== undefined) {
    const { line, column } = placeOfOffset(text, tag.offset);
    const range = { line, column, endLine: line, endColumn: column + tag.source.length };
    return { rule: 'yaml-unsupported', message: `\`${tag.source.slice(0, 80)}\` means nothing in OpenAPI.`, range };
  }
  try {
    const value = parseYaml(text, {
      maxDepth: openApiLimits.maxDepth,
      maxAliases: openApiLimits.maxAliases,
      maxTotalMergeKeys: MAX_MERGED_KEYS,
    });
    return { value };
  } catch (error) {
    if (error instanceof RangeError) {
      return { rule: 'document-too-complex', message: 'It is nested too deeply to be read.' };
    }
    return failure(error);
  }
}

/** An error of js-yaml's: its reason, and where. */
function failure(error: unknown): UnparsedDocument {
  const message = error instanceof Error ? error.message : String(error);
  const { mark, reason = message } = error as { mark?: { line?: number; column?: number }; reason?: string };
  const place = { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
  const range = { ...place, endLine: place.line, endColumn: place.column + 1 };
  if (/^(?:nesting|aliases|merge keys) exceeded|^abnormal merge/.test(reason)) {
    return { rule: 'document-too-complex', message: `It asks for too much: ${oneLine(reason)}`, range };
  }
  if (reason.startsWith('duplicated mapping key')) {
    return { rule: 'duplicate-key', message: 'This key is here twice; only one of them could count.', range };
  }
  return { rule: 'openapi-syntax', message: `This is not valid YAML: ${oneLine(reason)}`, range };
}

function placeOfOffset(text: string, offset: number) {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** A message of somebody else's as one bounded sentence. */
export function oneLine(message: string): string {
  const line = message.slice(0, 2_000).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
