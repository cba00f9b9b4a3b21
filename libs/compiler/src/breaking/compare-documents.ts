import { breakingChanges, operationsConcerned, type BreakingChange, type Level } from '@gitway/breaking';
import type { Location } from '@gitway/contracts';
import { mapping } from '../openapi/extract-operations.ts';
import { DocumentPositions } from '../openapi/positions.ts';
import { loadDocument, placeIn, type OpenDocument, type WholeDocument } from './load-document.ts';

/** One thing that changes for callers, whatever number of operations it changes for. */
export interface Change {
  readonly id: string;
  readonly level: Level;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly hint?: string;
  /** Whose callers it concerns. */
  readonly concerns: Concerned;
  readonly where: Location;
}

export type Concerned =
  | { readonly operations: readonly ConcernedOperation[] }
  /** Every caller of the API, or those of these consumers. */
  | { readonly consumers: readonly string[] | null }
  /** Callers of what the document does not declare. */
  | { readonly undeclared: true };

export interface ConcernedOperation {
  readonly method: string;
  /** The template in the base. */
  readonly path: string;
  /** The day from which it may be gone, as the base says it. */
  readonly sunset?: string;
}

export type DocumentChanges =
  | { readonly changes: readonly Change[] }
  | { readonly notCompared: 'base-unreadable' | 'revision-unreadable' }
  /** The limits that the comparison exceeded, and which one in words, as in `60 s`. */
  | { readonly notCompared: 'takes-too-much'; readonly limit: string; readonly exceeds: string };

/** Two versions of a document to compare; `today` decides what is over. */
export interface ComparisonJob {
  readonly base: OpenDocument;
  readonly revision: OpenDocument;
  readonly today: string | undefined;
}

const MAX_CHANGES = 2_000;

/**
 * What changes for callers between two documents, each change with its place in the revision; what is gone is shown at
 * what is left around it. The same files always give the same.
 */
export async function compareDocuments({ base, revision, today }: ComparisonJob): Promise<DocumentChanges> {
  const before = await loadDocument(base);
  if (before === null) return { notCompared: 'base-unreadable' };
  const after = await loadDocument(revision);
  if (after === null) return { notCompared: 'revision-unreadable' };
  return compare(before, after, today);
}

function compare(before: WholeDocument, after: WholeDocument, today: string | undefined): DocumentChanges {
  const options = { maxChanges: MAX_CHANGES, ...(today === undefined ? {} : { today }) };
  const found = breakingChanges(before.value, after.value, options);
  if (found.length === 0) return { changes: [] };
  const concerned = operationsConcerned(before.value);
  const places = new Places(after);
  const grouped = new Map<string, { first: BreakingChange; operations: Map<string, ConcernedOperation> }>();
  for (const change of found) {
    const key = JSON.stringify([change.id, change.document, change.pointer, change.message]);
    const group = grouped.get(key) ?? { first: change, operations: new Map() };
    grouped.set(key, group);
    for (const { method, path } of concerned(change)) {
      group.operations.set(`${method} ${path}`, { method, path, ...sunsetOf(before, method, path) });
    }
  }
  const changes = [...grouped.values()].map(({ first, operations }): Change => ({
    id: first.id,
    level: first.level,
    message: first.message,
    ...(first.hint === undefined ? {} : { hint: asSentence(first.hint) }),
    concerns: { operations: [...operations.values()] },
    where: places.of(first),
  }));
  return { changes };
}

function sunsetOf({ value }: WholeDocument, method: string, path: string): { sunset?: string } {
  const operation = mapping(mapping(mapping(value['paths'])[path])[method.toLowerCase()]);
  const sunset = operation['x-sunset'];
  const day = sunset instanceof Date ? sunset.toISOString() : sunset;
  return typeof day === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(day) ? { sunset: day.slice(0, 10) } : {};
}

const asSentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

class Places {
  readonly #positions = new Map<string, DocumentPositions>();

  constructor(private readonly revision: WholeDocument) {}

  of({ document, pointer }: BreakingChange): Location {
    const { file, steps } = placeIn(this.revision, document === 'revision' ? pointer : this.#left(pointer));
    let positions = this.#positions.get(file.path);
    if (positions === undefined)
      this.#positions.set(file.path, (positions = new DocumentPositions(file.path, file.text)));
    const range = steps.length === 0 ? undefined : positions.rangeOf(steps, 'key');
    const field = steps.join('.');
    return { file: file.path, ...(range === undefined ? {} : { range }), ...(field === '' ? {} : { field }) };
  }

  /** How far the pointer leads in the revision. */
  #left(pointer: string): string {
    let value: unknown = this.revision.value;
    let left = '';
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) break;
      value = (value as Record<string, unknown>)[name];
      left += `/${step}`;
    }
    return left;
  }
}
