import type { BreakingOptions } from '../change.ts';
import { objectMember } from '../document/json.ts';
import type { Located, Resolver } from '../document/resolver.ts';
import type { Direction, Place, SchemaCheck, SchemaFact, SchemaPair } from './schema-check.ts';
import { sameHere } from './same-here.ts';
import type { Unchanged } from './unchanged.ts';
import { matchSubschemas, type Composition, type MatchedSubschemas } from './subschemas.ts';

export interface SchemaNode {
  readonly base: Located;
  readonly revision: Located;
  /** All pairs below; after `complete` those with a change, by name. */
  children: readonly { readonly segment: string; readonly node: SchemaNode }[];
  /** Whether anything below may have changed; false lets a walk turn round. */
  dirty: boolean;
  /** Nothing to tell at this pair itself. */
  same: boolean;
  facts?: Map<string, readonly SchemaFact[]>;
  matched?: Map<Composition, MatchedSubschemas>;
}

const compositions: readonly Composition[] = ['allOf', 'anyOf', 'oneOf'];
const single = ['items', 'additionalProperties', 'contains', 'if', 'then', 'else'] as const;
const named = ['patternProperties', 'dependentSchemas'] as const;

/** The places whose checks find everything that may have changed between two schemas. */
const views: readonly { direction: Direction; place: Place; typed: boolean }[] = [
  { direction: 'request', place: 'property', typed: true },
  { direction: 'response', place: 'property', typed: true },
  { direction: 'request', place: 'parameter-property', typed: false },
];

/**
 * All pairs of schemas that stand at the same place in both documents, each once, however many operations and
 * cycles lead to it: work is bounded by the number of pairs.
 */
export class SchemaGraph {
  readonly #nodes = new Map<object, Map<object, SchemaNode>>();
  readonly #pending: SchemaNode[] = [];
  readonly #all: SchemaNode[] = [];
  truncated = false;

  constructor(
    private readonly baseResolver: Resolver,
    private readonly revisionResolver: Resolver,
    private readonly checks: readonly SchemaCheck[],
    private readonly unchanged: Unchanged,
    private readonly limits: { readonly maxPairs: number; readonly options: BreakingOptions },
  ) {}

  /** The node of a pair; undefined where both say the same, and past the limit. Its children are there after `complete`. */
  node(base: Located, revision: Located): SchemaNode | undefined {
    if (this.#sameRef(base, revision)) return undefined;
    const left = this.baseResolver.effective(base);
    const right = this.revisionResolver.effective(revision);
    let row = this.#nodes.get(left.value);
    if (row === undefined) this.#nodes.set(left.value, (row = new Map()));
    const known = row.get(right.value);
    if (known !== undefined) return known;
    if (this.#all.length >= this.limits.maxPairs) {
      this.truncated = true;
      return undefined;
    }
    const node: SchemaNode = {
      base: left,
      revision: right,
      children: [],
      dirty: false,
      same: sameHere(left.value, right.value),
    };
    row.set(right.value, node);
    this.#all.push(node);
    this.#pending.push(node);
    return node;
  }

  /** Follows all pairs down and marks those with a change somewhere below. */
  complete(): void {
    for (let node = this.#pending.pop(); node !== undefined; node = this.#pending.pop()) {
      node.children = this.#childrenOf(node);
    }
    const parents = new Map<SchemaNode, SchemaNode[]>();
    for (const node of this.#all) {
      for (const { node: child } of node.children) {
        const list = parents.get(child);
        if (list === undefined) parents.set(child, [node]);
        else list.push(node);
      }
    }
    const changed = this.#all.filter((node) => !node.same && views.some((view) => this.factsOf(node, view).length > 0));
    for (const node of changed) node.dirty = true;
    for (let node = changed.pop(); node !== undefined; node = changed.pop()) {
      for (const parent of parents.get(node) ?? []) {
        if (!parent.dirty) {
          parent.dirty = true;
          changed.push(parent);
        }
      }
    }
    // By name, so that a walk meets them in one order whatever that of the documents.
    for (const node of this.#all) {
      if (node.dirty) node.children = node.children.filter((child) => child.node.dirty).sort(bySegment);
    }
  }

  factsOf(
    node: SchemaNode,
    view: { readonly direction: Direction; readonly place: Place; readonly typed: boolean },
  ): readonly SchemaFact[] {
    if (node.same) return [];
    const key = `${view.direction} ${view.place} ${view.typed}`;
    const known = (node.facts ??= new Map()).get(key);
    if (known !== undefined) return known;
    const found: SchemaFact[] = [];
    const pair: SchemaPair = {
      base: node.base,
      revision: node.revision,
      ...view,
      baseResolver: this.baseResolver,
      revisionResolver: this.revisionResolver,
      options: this.limits.options,
      subschemas: (keyword) => this.#matched(node, keyword),
    };
    for (const check of this.checks) check.check(pair, (fact) => found.push(fact));
    node.facts.set(key, found);
    return found;
  }

  #sameRef({ ref, beside }: Located, revision: Located): boolean {
    if (ref === undefined || ref !== revision.ref || beside !== undefined || revision.beside !== undefined)
      return false;
    return this.unchanged.ref(ref);
  }

  #matched(node: SchemaNode, keyword: Composition): MatchedSubschemas {
    let matched = (node.matched ??= new Map<Composition, MatchedSubschemas>()).get(keyword);
    if (matched === undefined) {
      matched = matchSubschemas(keyword, node.base, this.baseResolver, node.revision, this.revisionResolver);
      node.matched.set(keyword, matched);
    }
    return matched;
  }

  #childrenOf(node: SchemaNode): { segment: string; node: SchemaNode }[] {
    const children: { segment: string; node: SchemaNode }[] = [];
    const add = (segment: string, base: Located | undefined, revision: Located | undefined) => {
      if (base === undefined || revision === undefined) return;
      const child = this.node(base, revision);
      if (child !== undefined) children.push({ segment, node: child });
    };
    const addNamed = (keyword: string, segment: (name: string) => string) => {
      const right = objectMember(node.revision.value, keyword);
      for (const name of Object.keys(objectMember(node.base.value, keyword) ?? {})) {
        if (right === undefined || !Object.hasOwn(right, name)) continue;
        const before = this.baseResolver.schema(node.base, keyword, name);
        const after = this.revisionResolver.schema(node.revision, keyword, name);
        // What a property is to its parent: it may change behind a reference.
        if (before?.value.writeOnly !== after?.value.writeOnly) node.same = false;
        add(segment(name), before, after);
      }
    };
    for (const keyword of compositions) {
      if (!Object.hasOwn(node.base.value, keyword) || !Object.hasOwn(node.revision.value, keyword)) continue;
      for (const { base, revision, index } of this.#matched(node, keyword).pairs) {
        add(`${keyword}[${revision.ref ?? index}]`, base, revision);
      }
    }
    for (const keyword of single) {
      add(keyword, this.baseResolver.child(node.base, keyword), this.revisionResolver.child(node.revision, keyword));
    }
    addNamed('properties', (name) => name);
    for (const keyword of named) addNamed(keyword, (name) => `${keyword}[${name}]`);
    return children;
  }
}

const bySegment = (a: { readonly segment: string }, b: { readonly segment: string }) =>
  a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : 0;
