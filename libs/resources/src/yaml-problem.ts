import type { LineCounter } from 'yaml';
import type { Range } from '@gitway/contracts';

/** What keeps a document from being read, before anybody asks what it means. */
export interface ReadingProblem {
  readonly rule: 'yaml-syntax' | 'yaml-unsupported' | 'yaml-ambiguous' | 'duplicate-key' | 'document-too-complex';
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
}

/** What other readers would take differently, and where in the document's value it lies. */
export interface Ambiguity extends ReadingProblem {
  readonly path: readonly (string | number)[];
  /** As it is read here. */
  readonly value: unknown;
}

export function rangeOfOffsets(lines: LineCounter, start: number, end: number): Range {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(end, start));
  return {
    line: Math.max(1, from.line),
    column: Math.max(1, from.col),
    endLine: Math.max(1, to.line),
    endColumn: Math.max(1, to.col),
  };
}

/** A key as it is written: `1.0` stays `1.0`. */
export function keyText(scalar: { readonly value: unknown; readonly source?: unknown }): string {
  if (typeof scalar.source === 'string') return scalar.source;
  const { value } = scalar;
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
