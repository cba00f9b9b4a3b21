import type { ApiUnit } from '@gitway/contracts';

interface Node {
  readonly literal: Map<string, Node>;
  template: Node | null;
  readonly byMethod: Map<string, string>;
}

const node = (): Node => ({ literal: new Map(), template: null, byMethod: new Map() });

/** Paths of one API as a tree of segments, so that naming a call costs its length and not the number of operations. */
export class OperationIndex {
  private readonly root = node();
  private readonly basePath: string;

  constructor(api: Pick<ApiUnit, 'operations' | 'route'>) {
    this.basePath = api.route.basePath === '/' ? '' : api.route.basePath;
    for (const { id, method, path } of api.operations) {
      let at = this.root;
      for (const segment of segmentsOf(path)) {
        if (segment.includes('{')) at = at.template ??= node();
        else {
          const next = at.literal.get(segment) ?? node();
          at.literal.set(segment, next);
          at = next;
        }
      }
      const key = method.toUpperCase();
      if (!at.byMethod.has(key)) at.byMethod.set(key, id);
    }
  }

  /** The declared operation that explains a call, or null. `path` is the client's, base path and all, without a query. */
  find(method: string, path: string): string | null {
    if (path !== this.basePath && !path.startsWith(`${this.basePath}/`)) return null;
    return search(this.root, segmentsOf(path.slice(this.basePath.length)), 0, method.toUpperCase());
  }
}

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

/** A literal segment is preferred to a template one, as OpenAPI asks; depth is bounded by the declared paths. */
function search(at: Node, segments: readonly string[], depth: number, method: string): string | null {
  const segment = segments[depth];
  if (segment === undefined) return at.byMethod.get(method) ?? null;
  const literal = at.literal.get(segment) ?? at.literal.get(decoded(segment));
  const found = literal === undefined ? null : search(literal, segments, depth + 1, method);
  if (found !== null || at.template === null) return found;
  return search(at.template, segments, depth + 1, method);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
