import type { Direction, Place, SchemaFact } from './schema-check.ts';
import type { SchemaGraph, SchemaNode } from './schema-graph.ts';

export interface Root {
  readonly node: SchemaNode;
  readonly direction: Direction;
  readonly place: 'body' | 'property' | 'parameter' | 'header';
  readonly typed: boolean;
}

export interface FoundFact {
  readonly fact: SchemaFact;
  readonly node: SchemaNode;
  /** Names of properties and of keywords from the root; empty at the root. */
  readonly path: readonly string[];
}

interface Step {
  readonly node: SchemaNode;
  readonly segment: string;
  readonly up: Step | undefined;
}

/**
 * Everything that changed below a root. A pair that was seen in `seen` is not entered again: a schema that stands in
 * several places of one operation is reported once for it.
 */
export function* changedBelow(graph: SchemaGraph, root: Root, seen: Set<SchemaNode>): Generator<FoundFact> {
  for (const fact of graph.factsOf(root.node, root)) yield { fact, node: root.node, path: [] };
  if (!root.node.dirty) return;
  const below: Place =
    root.place === 'parameter' ? 'parameter-property' : root.place === 'header' ? 'header' : 'property';
  if (below === 'header') return;
  const view = { direction: root.direction, place: below, typed: root.typed };
  const pending: Step[] = [];
  const enter = (step: Step) => {
    for (const { node, segment } of step.node.children) pending.push({ node, segment, up: step });
  };
  enter({ node: root.node, segment: '', up: undefined });
  // Level by level, so that a schema is named by its shortest way.
  for (const step of pending) {
    if (seen.has(step.node)) continue;
    seen.add(step.node);
    const facts = graph.factsOf(step.node, view);
    if (facts.length > 0) {
      const path = pathOf(step);
      for (const fact of facts) yield { fact, node: step.node, path };
    }
    enter(step);
  }
}

function pathOf(step: Step): string[] {
  const path: string[] = [];
  for (let at: Step | undefined = step; at?.up !== undefined; at = at.up) path.push(at.segment);
  return path.reverse();
}
