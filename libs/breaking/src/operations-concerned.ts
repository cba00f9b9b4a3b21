import type { BreakingChange, OperationKey } from './change.ts';
import { keyOf } from './compare/operation-key.ts';
import { isObject, listMember, member, type Json } from './document/json.ts';
import { operationsOf, pathItems } from './document/operations.ts';
import { Resolver } from './document/resolver.ts';

/**
 * The operations of `base` whose callers a change concerns. A change of one operation concerns that one; a change of a
 * security scheme those that ask for it; what a document says once for all, all of them. A webhook concerns none: the
 * API calls it, and nobody calls the API by it.
 *
 * Gives a function, since one document is asked about many changes.
 */
export function operationsConcerned(base: unknown): (change: BreakingChange) => readonly OperationKey[] {
  const document: Json = isObject(base) ? base : {};
  let all: readonly { readonly key: OperationKey; readonly schemes: ReadonlySet<string> }[] | undefined;
  return ({ operation, webhook, pointer }) => {
    if (operation !== null) return [operation];
    if (webhook !== undefined) return [];
    all ??= operationsWithSchemes(document);
    const scheme = schemeOf(pointer);
    return all.filter(({ schemes }) => scheme === undefined || schemes.has(scheme)).map(({ key }) => key);
  };
}

function operationsWithSchemes(document: Json) {
  return [...pathItems(document, new Resolver(document), 'paths').values()].flatMap((item) =>
    operationsOf(item).map((operation) => {
      const own = member(operation.operation.value, 'security') !== undefined;
      const ways = listMember(own ? operation.operation.value : document, 'security').filter(isObject);
      return { key: keyOf(operation), schemes: new Set(ways.flatMap((way) => Object.keys(way))) };
    }),
  );
}

function schemeOf(pointer: string): string | undefined {
  const name = /^\/components\/securitySchemes\/([^/]*)/.exec(pointer)?.[1];
  return name?.replaceAll('~1', '/').replaceAll('~0', '~');
}
