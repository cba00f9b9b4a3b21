import { isMap, isPair, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { Range } from '@gitway/contracts';
import type { ReadingLimits } from './limits.ts';
import { composeDocuments, type Path } from './read-yaml.ts';
import { keyText, rangeOfOffsets } from './yaml-problem.ts';

/**
 * The text of one file and where things lie in it. Positions are computed when somebody asks for the first one:
 * a file without findings never pays for them.
 */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly #limits: ReadingLimits;
  #composed: WeakRef<{ documents: Document[]; lines: LineCounter }> | undefined;

  constructor(path: string, text: string, limits: ReadingLimits) {
    this.path = path;
    this.text = text;
    this.#limits = limits;
  }

  /**
   * Where `path` lies in the file's document number `document` (from 0). A path that is not there gives the range of
   * the nearest thing around it that is. `part` chooses the key or the value; a value of several lines gives its key.
   */
  rangeOf(document: number, path: Path, part: 'key' | 'value' = 'value'): Range {
    const composed = this.#compose();
    let node: unknown = composed.documents[document]?.contents;
    let pair: Pair | undefined;
    let complete = true;
    for (const step of path) {
      if (isMap(node)) {
        const found = node.items.find((item) => keyOf(item) === String(step));
        if (found === undefined) complete = false;
        else {
          pair = found;
          node = found.value;
        }
      } else if (isSeq(node)) {
        const found = node.items[Number(step)];
        if (found === undefined) complete = false;
        else {
          pair = undefined;
          node = isPair(found) ? found.value : found;
        }
      } else complete = false;
      if (!complete) break;
    }
    const target = pick(node, pair, part === 'key' || !complete);
    const [start, end] = target?.range ?? [0, 0];
    return rangeOfOffsets(composed.lines, start, isMap(target) || isSeq(target) ? firstLineEnd(this.text, start) : end);
  }

  #compose() {
    const kept = this.#composed?.deref();
    if (kept !== undefined) return kept;
    const composed = composeDocuments(this.text, this.#limits);
    this.#composed = new WeakRef(composed);
    return composed;
  }
}

function pick(node: unknown, pair: Pair | undefined, preferKey: boolean): Node | undefined {
  const key = pair?.key as Node | undefined;
  if (key?.range && (preferKey || !isScalar(node) || node.range === undefined || node.range === null)) return key;
  const value = node as Node | null | undefined;
  return value?.range ? value : key;
}

const keyOf = (pair: Pair): string | undefined => {
  if (!isScalar(pair.key)) return undefined;
  return keyText(pair.key);
};

function firstLineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
