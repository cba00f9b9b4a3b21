import type { ApiEntry, CatalogueOperation } from '@gitway/contracts';

/** Words of one search beyond these are not looked at. */
const MAX_TERMS = 8;

/** What of an API is searched, in lower case. `head` is what it is called, `body` its operations. */
export function searchTextOf(entry: ApiEntry): { head: string; body: string } {
  const { name, title, version, owner, labels, exposure } = entry;
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const head = [name, title, version, owner ?? '', ...labelled, ...exposure.hosts, exposure.basePath];
  return {
    head: head.join('\n').toLowerCase(),
    body: entry.operations.map((operation) => operationText(operation, exposure.basePath)).join('\n'),
  };
}

/** The words of a search, each of which must be found. */
export const searchTerms = (search: string): string[] =>
  search
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '')
    .slice(0, MAX_TERMS);

/** The operations that a search hit: those that hold each word which the API's own names do not. */
export function matchingOperations(entry: ApiEntry, terms: readonly string[], limit: number): CatalogueOperation[] {
  const { head } = searchTextOf({ ...entry, operations: [] });
  const rest = terms.filter((term) => !head.includes(term));
  if (rest.length === 0) return [];
  const found: CatalogueOperation[] = [];
  for (const operation of entry.operations) {
    const text = operationText(operation, entry.exposure.basePath);
    if (rest.every((term) => text.includes(term)) && found.push(operation) >= limit) break;
  }
  return found;
}

/** Its id, and method and path as a caller writes them. */
const operationText = ({ id, method, path }: CatalogueOperation, basePath: string) =>
  `${id} ${method} ${basePath === '/' ? '' : basePath}${path}`.toLowerCase();
