import type { Operation } from '@gitway/contracts';

export interface Overlap {
  readonly method: string;
  readonly path: string;
  readonly other: string;
  /** A path that both templates describe. */
  readonly example: string;
}

const MAX_STEPS = 200_000;
const MAX_FOUND = 20;
const parameter = '{}';

interface Node {
  readonly children: Map<string, Node>;
  template?: string;
}

/**
 * Pairs of templates of one method that describe a common path, and of which neither is the more concrete one: in
 * `/{a}/x` and `/y/{b}` each is concrete where the other is not. `/pets/mine` and `/pets/{id}` are fine. Expects
 * operations in order of path; the work is bounded whatever a document holds.
 */
export function overlappingPaths(operations: readonly Operation[]): Overlap[] {
  const roots = new Map<string, Node>();
  const found: Overlap[] = [];
  let steps = 0;
  for (const { method, path } of operations) {
    const segments = segmentsOf(path);
    const key = `${method} ${segments.length}`;
    const root = roots.get(key) ?? { children: new Map<string, Node>() };
    roots.set(key, root);
    // At each segment: equal, or one is a parameter. `ahead` is where this one was more concrete, `behind` the other.
    const walk = (node: Node, index: number, ahead: boolean, behind: boolean, example: string): void => {
      if (++steps > MAX_STEPS || found.length >= MAX_FOUND) return;
      const segment = segments[index];
      if (segment === undefined) {
        if (ahead && behind && node.template !== undefined) found.push({ method, path, other: node.template, example });
        return;
      }
      if (segment === parameter) {
        for (const [name, child] of node.children) {
          const both = name === parameter;
          walk(child, index + 1, ahead, behind || !both, `${example}/${both ? 'x' : name}`);
        }
        return;
      }
      const same = node.children.get(segment);
      if (same !== undefined) walk(same, index + 1, ahead, behind, `${example}/${segment}`);
      const open = segment.includes(parameter) ? undefined : node.children.get(parameter);
      if (open !== undefined) walk(open, index + 1, true, behind, `${example}/${segment}`);
    };
    walk(root, 0, false, false, '');
    let node = root;
    for (const segment of segments) {
      const next = node.children.get(segment) ?? { children: new Map<string, Node>() };
      node.children.set(segment, next);
      node = next;
    }
    node.template ??= path;
  }
  return found;
}

/** Names of parameters mean nothing here. `{id}.json` is compared with its like only. */
const segmentsOf = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll(/\{[^}]*\}/g, parameter));
