import type { CompileCache, DocumentReader, LastingCache } from '../workspace.ts';
import { compareDocuments, type ComparisonJob, type DocumentChanges } from './compare-documents.ts';
import type { DocumentSource } from './live.ts';
import { openDocument } from './load-document.ts';

export interface Compared {
  readonly digest: string;
  readonly source: DocumentSource;
}

/** Raised whenever the comparison finds something else in the same two documents. */
const ENGINE = 3;

interface Means {
  readonly cache: CompileCache;
  readonly lasting: LastingCache;
  readonly documents?: DocumentReader;
}

/** What changes for callers between two documents, computed once for the same two documents on the same day. */
export async function documentChanges(
  base: Compared,
  revision: Compared,
  today: string | undefined,
  { cache, lasting, documents }: Means,
): Promise<DocumentChanges> {
  const key = `breaking:${ENGINE}:${today ?? ''}:${base.digest}:${revision.digest}:${revision.source.root}`;
  // What exceeded limits may well be compared where there are others, and is not tried again where there are not.
  const exceeded = documents?.limits === undefined ? undefined : `refused:${documents.limits}:${key}`;
  const keys = exceeded === undefined ? [key] : [key, exceeded];
  for (const each of keys) {
    const kept = cache.get(each) as DocumentChanges | undefined;
    if (kept !== undefined) return kept;
  }
  const lasted = await lasting.load(keys);
  for (const each of keys) {
    const found = lasted.get(each) as DocumentChanges | undefined;
    if (found === undefined) continue;
    cache.set(each, found);
    return found;
  }
  const job: ComparisonJob = {
    base: await openDocument(base.source),
    revision: await openDocument(revision.source),
    today,
  };
  const compared = await (documents?.compare?.(job) ?? compareDocuments(job));
  const own = 'changes' in compared ? key : 'exceeds' in compared ? exceeded : undefined;
  if (own !== undefined) {
    cache.set(own, compared);
    lasting.save(new Map([[own, compared]]));
  }
  return compared;
}
