import { documentChecks, operationChecks } from './checks/operation/index.ts';
import { isUnpromised, stabilityOf } from './checks/lifecycle-words.ts';
import { schemaChecks } from './checks/schema/index.ts';
import type { BreakingChange, BreakingOptions, OperationKey } from './change.ts';
import { Changes } from './changes.ts';
import type { CompareSchemas, Comparison, Fact, OperationPair, Side } from './compare/operation-check.ts';
import { keyOf } from './compare/operation-key.ts';
import { SchemaGraph, type SchemaNode } from './compare/schema-graph.ts';
import { Unchanged } from './compare/unchanged.ts';
import { changedBelow, type FoundFact, type Root } from './compare/walk.ts';
import { isObject, member, sameJson, show } from './document/json.ts';
import { operationsOf, pathItems, type Operation } from './document/operations.ts';
import { Resolver } from './document/resolver.ts';

const MAX_SCHEMA_PAIRS = 300_000;
const MAX_CHANGES = 50_000;

interface PlannedWalk {
  /** The operation or webhook that the schemas stand in. */
  readonly owner: { readonly operation: OperationKey | null; readonly webhook?: string };
  readonly root: Root & { readonly name: string; readonly within?: string };
}

/**
 * What breaks callers of `base` when `revision` takes its place. Both are parsed OpenAPI 3.0 or 3.1 documents; a
 * Swagger 2.0 document is converted before. Only references within a document are followed. The same input gives the
 * same list in the same order, and two equal documents give none.
 */
export function breakingChanges(base: unknown, revision: unknown, options: BreakingOptions = {}): BreakingChange[] {
  const comparison: Comparison = { base: side(base, options), revision: side(revision, options), options };
  const unchanged = new Unchanged(comparison.base.resolver, comparison.revision.resolver);
  const graph = new SchemaGraph(comparison.base.resolver, comparison.revision.resolver, schemaChecks, unchanged, {
    maxPairs: options.maxSchemaPairs ?? MAX_SCHEMA_PAIRS,
    options,
  });
  const changes = new Changes(options.maxChanges ?? MAX_CHANGES);
  const walks: PlannedWalk[] = [];
  const plan =
    (owner: PlannedWalk['owner']): CompareSchemas =>
    ({ base: before, revision: after }, root) => {
      if (before === undefined || after === undefined) return;
      const node = graph.node(before, after);
      if (node !== undefined) walks.push({ owner, root: { ...root, node } });
    };
  const owners = new Map<string, PlannedWalk['owner']>();
  const ownerOf = (webhook: string) => {
    const owner = owners.get(webhook) ?? { operation: null, webhook };
    owners.set(webhook, owner);
    return owner;
  };
  for (const check of documentChecks) {
    check.check(
      comparison,
      (fact) => changes.add(fact),
      (schemas, root, webhook) => plan(ownerOf(webhook))(schemas, root),
    );
  }
  for (const [before, after] of changedOperations(comparison, unchanged)) {
    const operation = keyOf(before);
    compareOperation({
      ...comparison,
      before,
      after,
      key: operation,
      report: (fact) => changes.add({ ...fact, operation }),
      compareSchemas: plan({ operation }),
    });
  }
  graph.complete();
  walk(comparison, graph, walks, changes);
  return changes.list(graph.truncated);
}

function side(document: unknown, { literalAllOf }: BreakingOptions): Side {
  const object = isObject(document) ? document : {};
  const resolver = new Resolver(object, literalAllOf);
  const items = (section: 'paths' | 'webhooks') => pathItems(object, resolver, section);
  return { document: object, resolver, paths: items('paths'), webhooks: items('webhooks') };
}

/** The operations of both documents that do not say the same. */
function changedOperations({ base, revision }: Comparison, unchanged: Unchanged): [Operation, Operation][] {
  const sameDefault = sameJson(base.document.security, revision.document.security);
  const pairs: [Operation, Operation][] = [];
  for (const [shape, item] of base.paths) {
    const other = revision.paths.get(shape);
    if (other === undefined) continue;
    const after = new Map(operationsOf(other).map((operation) => [operation.method, operation]));
    const samePath =
      item.path === other.path &&
      ['parameters', 'servers'].every((name) => unchanged.values(item.item.value[name], other.item.value[name]));
    for (const before of operationsOf(item)) {
      const now = after.get(before.method);
      if (now === undefined) continue;
      const secured = sameDefault || member(before.operation.value, 'security') !== undefined;
      const same = samePath && secured && unchanged.values(before.operation.value, now.operation.value);
      if (!same) pairs.push([before, now]);
    }
  }
  return pairs;
}

function compareOperation(pair: OperationPair): void {
  const { before, after } = pair;
  // Of a draft nothing is promised: only that it became one is told.
  const draft = isUnpromised(after.operation.value) && stabilityOf(before.operation.value) !== 'stable';
  for (const check of operationChecks) {
    if (!draft || check.ids.includes('api-stability-decreased')) check.check(pair);
  }
}

function walk(comparison: Comparison, graph: SchemaGraph, walks: readonly PlannedWalk[], changes: Changes): void {
  let current: PlannedWalk['owner'] | undefined;
  let seen = new Map<string, Set<SchemaNode>>();
  for (const { owner, root } of walks) {
    if (changes.full) return;
    if (owner !== current) {
      current = owner;
      seen = new Map();
    }
    const view = `${root.direction} ${root.place} ${root.typed} ${root.place === 'parameter' ? root.name : ''}`;
    let known = seen.get(view);
    if (known === undefined) seen.set(view, (known = new Set()));
    for (const found of changedBelow(graph, root, known)) {
      changes.add(factOf(comparison, found, root, owner));
      if (changes.full) return;
    }
  }
}

function factOf(
  comparison: Comparison,
  { fact, node, path }: FoundFact,
  root: PlannedWalk['root'],
  owner: PlannedWalk['owner'],
): Fact {
  const names = fact.property === undefined ? path : [...path, fact.property];
  const subject =
    names.length === 0
      ? root.name
      : `The property ${show(names.join('/'))} ${root.within ?? (root.direction === 'request' ? 'of the request' : 'of the response')}`;
  const document = fact.gone === true ? 'base' : 'revision';
  const { resolver } = comparison[document];
  const at = resolver.pointerOf(node[document], ...(fact.at ?? []));
  return {
    id: fact.id,
    ...owner,
    document,
    pointer: at,
    message: `${subject} ${fact.says}`,
    ...(fact.about === undefined ? {} : { about: fact.about }),
    ...(fact.hint === undefined ? {} : { hint: fact.hint }),
  };
}
