import type { Spectral } from '@stoplight/spectral-core';
import { documentReferences } from './document-graph.ts';
import { resolveDocument, type Values } from './resolve-document.ts';

type Resolver = NonNullable<NonNullable<ConstructorParameters<typeof Spectral>[0]>['resolver']>;

/** How Spectral takes in a further file: it reads the text of `result`, and puts there what it read. */
interface Referred {
  readonly targetAuthority: { href(): string };
  result: unknown;
}
interface ResolveOptions {
  readonly parseResolveResult: (referred: Referred) => Promise<unknown>;
}

/** Spectral would fetch and read what documents refer to. Everything is here already, and read. */
export function resolverOf(root: string, values: Values): Resolver {
  const resolver = {
    uriCache: {},
    resolve: async (_: unknown, { parseResolveResult }: ResolveOptions) => {
      for (const [path, value] of values) {
        if (path === root || typeof value !== 'object' || value === null) continue;
        // Spectral is given nothing to read, and what stands there into what it made of that.
        const referred: Referred = {
          targetAuthority: { href: () => `/${path}` },
          result: Array.isArray(value) ? '[]' : '{}',
        };
        await parseResolveResult(referred);
        Object.assign(referred.result as object, value);
      }
      const { graph, circular } = documentReferences(root, values);
      return { result: resolveDocument(root, values, circular), errors: [], graph, refMap: {} };
    },
  };
  return resolver as unknown as Resolver;
}
