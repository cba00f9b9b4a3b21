import { isObject, type Json } from '../document/json.ts';
import type { Resolver } from '../document/resolver.ts';

/** Members that say nothing to a program. */
const silent = new Set([
  'title',
  'summary',
  'description',
  'example',
  'examples',
  'externalDocs',
  'xml',
  'tags',
  'operationId',
  '$comment',
]);

/** Members whose own members are names that people chose, so that one called `title` is no title. */
const maps = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  'dependentRequired',
  'definitions',
  '$defs',
  'content',
  'encoding',
  'headers',
  'responses',
  'callbacks',
  'links',
  'mapping',
  'scopes',
  'variables',
]);

/** Members that are values as they go over the wire: all in them counts. */
const values = new Set(['default', 'enum', 'const', 'x-extensible-enum']);

/** How the members of an object are read. */
type Reading = 'words' | 'names' | 'value';

/**
 * Which parts of two documents say the same, with all that they refer to: each part is read once, whatever leads to
 * it, and what says the same needs no further look.
 */
export class Unchanged {
  readonly #read = new Set<string>();
  /** References whose target changed, or leads to one that did. */
  readonly #changed = new Set<string>();

  constructor(
    private readonly base: Resolver,
    private readonly revision: Resolver,
  ) {}

  /** Whether two values say the same. */
  values(left: unknown, right: unknown): boolean {
    if (left === undefined && right === undefined) return true;
    const refs = new Set<string>();
    return this.#comparable() && sameText(left, right, refs) && [...refs].every((ref) => this.ref(ref));
  }

  /** Whether what a reference leads to says the same in both documents. */
  ref(ref: string): boolean {
    if (!this.#comparable()) return false;
    if (!this.#read.has(ref)) this.#follow(ref);
    return !this.#changed.has(ref);
  }

  /** One text may mean two things in two versions of the language. */
  #comparable(): boolean {
    return this.base.refsHaveSiblings === this.revision.refsHaveSiblings;
  }

  /** Reads all that a reference leads to. What was read before leads to nothing that was not. */
  #follow(first: string): void {
    const leading = new Map<string, string[]>();
    const changed: string[] = [];
    const pending = [first];
    for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
      if (this.#read.has(ref)) continue;
      this.#read.add(ref);
      const refs = new Set<string>();
      if (!sameText(this.base.targetOf(ref), this.revision.targetOf(ref), refs)) {
        changed.push(ref);
        continue;
      }
      for (const to of refs) {
        if (this.#changed.has(to)) changed.push(ref);
        const from = leading.get(to);
        if (from === undefined) leading.set(to, [ref]);
        else from.push(ref);
        pending.push(to);
      }
    }
    for (let ref = changed.pop(); ref !== undefined; ref = changed.pop()) {
      if (this.#changed.has(ref)) continue;
      this.#changed.add(ref);
      changed.push(...(leading.get(ref) ?? []));
    }
  }
}

interface Step {
  readonly left: unknown;
  readonly right: unknown;
  readonly reading: Reading;
}

/** Whether two values say the same, the targets of their references aside; these are added to `refs`. */
function sameText(left: unknown, right: unknown, refs: Set<string>): boolean {
  const pending: Step[] = [{ left, right, reading: 'words' }];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if (Array.isArray(step.left)) {
      if (!Array.isArray(step.right) || step.left.length !== step.right.length) return false;
      for (let index = 0; index < step.left.length; index++) {
        if (!enter(step.left[index], step.right[index], step.reading, pending)) return false;
      }
    } else if (isObject(step.left)) {
      if (!isObject(step.right) || !sameMembers(step.left, step.right, step.reading, pending, refs)) return false;
    } else if (step.left !== step.right) return false;
  }
  return true;
}

function sameMembers(left: Json, right: Json, reading: Reading, pending: Step[], refs: Set<string>): boolean {
  let names = 0;
  for (const name of Object.keys(left)) {
    if (reading === 'words' && silent.has(name)) continue;
    names++;
    if (!Object.hasOwn(right, name)) return false;
    const value = left[name];
    if (name === '$ref' && typeof value === 'string') refs.add(value);
    if (!enter(value, right[name], readingOf(name, reading), pending)) return false;
  }
  for (const name of Object.keys(right)) if (reading !== 'words' || !silent.has(name)) names--;
  return names === 0;
}

function enter(left: unknown, right: unknown, reading: Reading, pending: Step[]): boolean {
  if (typeof left !== 'object' || left === null) return left === right;
  pending.push({ left, right, reading });
  return true;
}

function readingOf(name: string, reading: Reading): Reading {
  if (reading === 'value') return 'value';
  if (reading === 'names') return 'words';
  return values.has(name) ? 'value' : maps.has(name) ? 'names' : 'words';
}
