import { finding } from '../findings.ts';
import type { DocumentReading, DocumentSettings } from './document.ts';

interface Asked {
  readonly path: string;
  readonly settings: DocumentSettings;
}

/** So many documents that exceed their limits with the same rulesets, and the others are not tried with them. */
const MAX_EXCESSES = 3;

/**
 * Counts what exceeds the limits of one document. A ruleset that never ends would take its time from each of a
 * thousand documents; after a few of them it is the ruleset's fault, and no thread is lent to it any more.
 */
export class Excesses {
  readonly #paths = new Map<string, string[]>();

  count({ path, settings }: Asked, { exceeds }: DocumentReading): void {
    const key = keyOf(settings);
    if (exceeds === undefined || key === '') return;
    this.#paths.set(key, [...(this.#paths.get(key) ?? []), path]);
  }

  /** The reading of a document that is not tried; not kept, since the document was not looked at. */
  refusalOf({ path, settings }: Asked): DocumentReading | undefined {
    const paths = this.#paths.get(keyOf(settings)) ?? [];
    if (paths.length < MAX_EXCESSES) return undefined;
    const named = paths.slice(0, MAX_EXCESSES).sort();
    const message = `Not read: with the same rulesets, ${named.join(', ')} took more than a document may take.`;
    const hint =
      'Look for a rule that takes too long (a pattern that backtracks, `$..` within `$..`), or mend those documents.';
    const found = finding('document-takes-too-long', 'error', { file: path }, message, hint);
    return { model: null, findings: [found], ignores: [], others: [], absent: [], passing: true };
  }
}

const keyOf = ({ rulesets }: DocumentSettings): string =>
  Array.isArray(rulesets) ? rulesets.map(({ digest }: { digest: string }) => digest).join() : '';
