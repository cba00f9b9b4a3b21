import type { ASTNode } from '@marcbachmann/cel-js';

/** What a node of a parsed and checked expression has beyond the published type, in the version that is installed. */
export interface CheckedNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
  readonly checkedType?: { readonly name: string; readonly kind: string };
  readonly meta: {
    readonly evaluate: Evaluate;
    readonly alternate?: CheckedNode;
    readonly macro?: unknown;
  };
  setMeta(key: 'evaluate', value: Evaluate): unknown;
}
export type Evaluate = (evaluator: Evaluator, node: CheckedNode, context: unknown) => unknown;
export interface Evaluator {
  run(node: CheckedNode, context: unknown): unknown;
}

export const treeOf = (ast: ASTNode): CheckedNode => ast as unknown as CheckedNode;

const isNode = (value: unknown): value is CheckedNode =>
  typeof value === 'object' && value !== null && typeof (value as { op?: unknown }).op === 'string';

/** Nodes as they were written, each before what is inside it. */
export function* written(node: CheckedNode): Generator<CheckedNode> {
  yield node;
  for (const child of childrenOf(node.args)) yield* written(child);
}

/** Nodes as they are evaluated: `list.all(…)` and its like are replaced by the loop that they stand for. */
export function* evaluated(node: CheckedNode, seen = new Set<CheckedNode>()): Generator<CheckedNode> {
  if (seen.has(node)) return;
  seen.add(node);
  const { alternate } = node.meta;
  if (alternate !== undefined) {
    yield* evaluated(alternate, seen);
    return;
  }
  yield node;
  for (const child of childrenOf(node.args)) yield* evaluated(child, seen);
}

function* childrenOf(args: unknown): Generator<CheckedNode> {
  if (isNode(args)) yield args;
  else if (Array.isArray(args)) for (const item of args) yield* childrenOf(item);
  else if (typeof args === 'object' && args !== null && 'iterable' in args) {
    const { iterable, init, step } = args as Record<string, unknown>;
    for (const part of [iterable, init, step]) if (isNode(part)) yield part;
  }
}

/** The chain of a `has(a.b.c)`: `[a, 'b', 'c']`; undefined for anything else. */
export function selectionOf(node: CheckedNode): { root: CheckedNode; fields: CheckedNode[] } | undefined {
  const fields: CheckedNode[] = [];
  let current = node;
  while (current.op === '.') {
    fields.unshift(current);
    current = (current.args as [CheckedNode, string])[0];
  }
  return current.op === 'id' ? { root: current, fields } : undefined;
}
