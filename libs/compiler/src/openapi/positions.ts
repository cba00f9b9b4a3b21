import type { Range } from '@gitway/contracts';
import { getLineColLocation, Source } from '@redocly/openapi-core';

/**
 * The text of a document, for Redocly. Its position-keeping parser compares every key with all before it, which takes
 * minutes for a mapping of 100,000 keys; the document was read before, so there are no keys to complain of.
 */
export class DocumentSource extends Source {
  override getAst(safeLoad: Parameters<Source['getAst']>[0]): ReturnType<Source['getAst']> {
    return super.getAst((text, options) => safeLoad(text, { ...options, ignoreDuplicateKeys: true }));
  }
}

/** Positions in an OpenAPI document, by the parser that is quick for large ones. Made when the first is asked for. */
export class DocumentPositions {
  readonly #source: DocumentSource;

  constructor(path: string, text: string) {
    this.#source = new DocumentSource(`/${path}`, text);
  }

  rangeOf(path: readonly (string | number)[], part: 'key' | 'value' = 'value'): Range | undefined {
    return placeIn({ source: this.#source, pointer: pointerOf(path), reportOnKey: part === 'key' });
  }
}

/** RFC 6901, as a fragment. */
export const pointerOf = (path: readonly (string | number)[]) =>
  `#/${path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;

/** The first line of where a problem lies; undefined when the document's own parser cannot say. */
export function placeIn(location: Parameters<typeof getLineColLocation>[0]): Range | undefined {
  try {
    const { start, end } = getLineColLocation(location);
    const oneLine = end === undefined || end.line === start.line;
    return {
      line: start.line,
      column: start.col,
      endLine: start.line,
      endColumn: oneLine ? (end?.col ?? start.col) : start.col + 1,
    };
  } catch {
    return undefined;
  }
}
