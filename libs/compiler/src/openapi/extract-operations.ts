import type { Operation } from '@gitway/contracts';
import { compare } from '../findings.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

export interface ExtractedOperations {
  readonly operations: Operation[];
  /** Ids of those that are marked as deprecated. */
  readonly deprecated: string[];
  /** `operationId`s that stand at more than one operation; all but the first are called by method and path. */
  readonly duplicates: { id: string; path: string; method: string }[];
}

/** The operations of a document that was found to be OpenAPI. `resolve` follows a `$ref` of a path item. */
export function extractOperations(
  document: Record<string, unknown>,
  resolve: (reference: string) => unknown,
): ExtractedOperations {
  const found: { path: string; method: string; id: string | undefined; deprecated: boolean }[] = [];
  const known = new Set<string>();
  for (const [key, item] of Object.entries(mapping(document['paths']))) {
    if (!key.startsWith('/')) continue;
    // Paths are matched without query and fragment; what such paths tell apart is one operation to a gateway.
    const path = key.replace(/[?#].*$/s, '');
    const declared = mapping(item);
    const reference = declared['$ref'];
    const members = typeof reference === 'string' ? { ...mapping(resolve(reference)), ...declared } : declared;
    for (const method of methods) {
      const operation = members[method];
      if (typeof operation !== 'object' || operation === null || known.has(`${method} ${path}`)) continue;
      known.add(`${method} ${path}`);
      const id = (operation as Record<string, unknown>)['operationId'];
      found.push({
        path,
        method: method.toUpperCase(),
        id: typeof id === 'string' && id !== '' ? id.slice(0, 200) : undefined,
        deprecated: (operation as Record<string, unknown>)['deprecated'] === true,
      });
    }
  }
  found.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
  const taken = new Set<string>();
  const duplicates: ExtractedOperations['duplicates'] = [];
  const deprecated: string[] = [];
  const operations = found.map(({ path, method, id, deprecated: isDeprecated }) => {
    if (id !== undefined && taken.has(id)) duplicates.push({ id, path, method: method.toLowerCase() });
    const own = id !== undefined && !taken.has(id) ? id : `${method.toLowerCase()} ${path}`;
    taken.add(own);
    if (isDeprecated) deprecated.push(own);
    return { id: own, method, path };
  });
  return { operations, deprecated, duplicates };
}

export const mapping = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
