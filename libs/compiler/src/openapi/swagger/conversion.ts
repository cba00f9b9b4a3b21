import { fileOfReference, splitReference, stepsOfFragment } from '../reference.ts';
import type { LoadedFile } from '../load-references.ts';

/** `extension`: anything at all, that only an extension or an example refers to. */
export type Role = 'schema' | 'parameter' | 'response' | 'extension';
const sections: Record<Role, { readonly of: string; readonly to: string }> = {
  schema: { of: 'definitions', to: 'schemas' },
  parameter: { of: 'parameters', to: 'parameters' },
  response: { of: 'responses', to: 'responses' },
  extension: { of: 'x-referenced', to: 'x-referenced' },
};

/** A place in the original: what stands there, and the way to it. */
export class Node {
  constructor(
    readonly value: unknown,
    readonly file: LoadedFile,
    readonly up: Node | null = null,
    readonly key: string | number = '',
  ) {}

  child(key: string | number): Node | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return new Node((value as Record<string | number, unknown>)[key], this.file, this, key);
  }

  get pointer(): (string | number)[] {
    return this.up === null ? [] : [...this.up.pointer, this.key];
  }

  /** The members of a mapping; none where there is none. */
  entries(): [key: string, member: Node][] {
    if (!isMapping(this.value)) return [];
    return Object.entries(this.value).map(([key, value]) => [key, new Node(value, this.file, this, key)]);
  }

  items(): Node[] {
    return Array.isArray(this.value) ? this.value.map((value, at) => new Node(value, this.file, this, at)) : [];
  }
}

/** What could not be said in OpenAPI 3 as it was meant. */
export interface ConversionNote {
  readonly at: Node;
  readonly message: string;
}

const MAX_HOPS = 50;
const MAX_MEDIA_TYPES = 50;

/**
 * One conversion under way. The original is never written to. Whatever is made remembers where it came from, and what
 * other files hold is taken into the document once for each place that is referred to.
 */
export class Conversion {
  readonly notes: ConversionNote[] = [];
  readonly root: Node;
  readonly consumes: readonly string[] | undefined;
  readonly produces: readonly string[];
  readonly #files: ReadonlyMap<string, LoadedFile>;
  readonly #origins = new WeakMap<object, Node>();
  readonly #made = new Map<string, Map<object, unknown>>();
  readonly #names = new Map<string, string>();
  readonly #taken: Record<Role, Map<string, number>>;
  readonly #waiting: { role: Role; name: string; at: Node }[] = [];

  constructor(root: LoadedFile, files: ReadonlyMap<string, LoadedFile>) {
    this.#files = files;
    this.root = new Node(root.value, root);
    this.consumes = this.mediaTypes(this.root.child('consumes'));
    this.produces = this.mediaTypes(this.root.child('produces')) ?? ['application/json'];
    const own = (role: Role) =>
      new Map((this.root.child(sections[role].of)?.entries() ?? []).map(([name]) => [name, 1]));
    this.#taken = {
      schema: own('schema'),
      parameter: own('parameter'),
      response: own('response'),
      extension: new Map(),
    };
  }

  /** A mapping of the new document that stands for `at`; members that are undefined are left out. */
  make(at: Node, members: Iterable<readonly [string, unknown]>): Record<string, unknown> {
    const made = Object.fromEntries([...members].filter(([, value]) => value !== undefined));
    this.#origins.set(made, at);
    return made;
  }

  /** What `make` makes of a value, made once for it. */
  once<T>(kind: string, at: Node, make: () => T): T {
    const { value } = at;
    if (typeof value !== 'object' || value === null) return make();
    let known = this.#made.get(kind);
    if (known === undefined) this.#made.set(kind, (known = new Map()));
    if (!known.has(value)) known.set(value, make());
    return known.get(value) as T;
  }

  /** Where a value of the new document came from. */
  originOf(value: unknown): Node | undefined {
    return typeof value === 'object' && value !== null ? this.#origins.get(value) : undefined;
  }

  note(at: Node, message: string): void {
    if (this.notes.length < 100) this.notes.push({ at, message });
  }

  mediaTypes(at: Node | undefined): readonly string[] | undefined {
    if (at === undefined || !Array.isArray(at.value)) return undefined;
    const named = at.value.filter((type): type is string => typeof type === 'string' && type !== '');
    const types = [...new Set(named)];
    if (types.length > MAX_MEDIA_TYPES) this.note(at, `Only the first ${MAX_MEDIA_TYPES} media types are taken.`);
    return types.length === 0 ? undefined : types.slice(0, MAX_MEDIA_TYPES);
  }

  /** What stands at the end of a chain of `$ref`s; undefined where one leads to nothing, or to too many. */
  final(at: Node): Node | undefined {
    let node: Node | undefined = at;
    for (let hops = 0; node !== undefined && hops <= MAX_HOPS; hops++) {
      const reference = referenceOf(node.value);
      if (reference === undefined) return node;
      node = this.#target(node, reference);
    }
    return undefined;
  }

  /** The `$ref` at a place, as the new document has it. What leads to nothing goes on leading to nothing. */
  reference(at: Node, role: Role): Record<string, unknown> {
    const reference = referenceOf(at.value) ?? '';
    const target = this.#target(at, reference);
    const named = target === undefined ? this.#lost(at, reference) : this.#nameOf(target, role);
    return this.make(
      at,
      at.entries().map(([key, member]) => [key, key === '$ref' ? named : this.plain(member)]),
    );
  }

  /** Everything of other places that was referred to since this was last asked. */
  *lifted(): Iterable<{ role: Role; name: string; at: Node }> {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) yield next;
  }

  /** What means the same in both; `$ref`s into what has moved follow it. Not copied where nothing changes. */
  plain({ value, file }: Node): unknown {
    return this.#moved(value, file);
  }

  /** The same, as a value of its own that remembers where it came from. */
  taken(at: Node): unknown {
    const value = this.plain(at);
    return isMapping(value) ? this.make(at, Object.entries(value)) : value;
  }

  #moved(value: unknown, file: LoadedFile): unknown {
    if (typeof value !== 'object' || value === null) return value;
    let known = this.#made.get('plain');
    if (known === undefined) this.#made.set('plain', (known = new Map()));
    if (known.has(value)) return known.get(value);
    known.set(value, value);
    let result: unknown = value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#moved(item, file));
      if (items.some((item, index) => item !== value[index])) result = items;
    } else {
      const members = Object.entries(value).map(([key, member]: [string, unknown]) => {
        const isReference = key === '$ref' && typeof member === 'string';
        return [key, isReference ? this.#movedReference(member, file) : this.#moved(member, file)] as const;
      });
      if (members.some(([key, member]) => member !== (value as Record<string, unknown>)[key]))
        result = Object.fromEntries(members);
    }
    known.set(value, result);
    return result;
  }

  /** A `$ref` in what means the same in both: what it leads to in other files is taken in. */
  #movedReference(reference: string, file: LoadedFile): string {
    if (file === this.root.file && reference.startsWith('#')) return movedReference(reference);
    const from = new Node(undefined, file);
    const target = this.#target(from, reference);
    if (target === undefined) return this.#lost(from, reference);
    return target.file === this.root.file
      ? movedReference(pointerTo(target.pointer))
      : this.#nameOf(target, 'extension');
  }

  #target({ file }: Node, reference: string): Node | undefined {
    const { fragment } = splitReference(reference);
    const resolved = fileOfReference(file.path, reference);
    const other = 'path' in resolved ? this.#files.get(resolved.path) : undefined;
    if (other === undefined || (fragment !== '' && !fragment.startsWith('/'))) return undefined;
    let node: Node | undefined = other === this.root.file ? this.root : new Node(other.value, other);
    for (const step of stepsOfFragment(fragment)) node = node?.child(step);
    return node;
  }

  #nameOf(target: Node, role: Role): string {
    const { of, to } = sections[role];
    const [first, name, ...tail] = target.pointer;
    const isOwn = target.file === this.root.file && first === of && name !== undefined;
    if (isOwn && (role === 'schema' || tail.length === 0)) return pointerTo(['components', to, name, ...tail]);
    const key = `${role} ${target.file.path}#${pointerTo(target.pointer)}`;
    let known = this.#names.get(key);
    if (known === undefined) {
      known = this.#freeName(target, role);
      this.#names.set(key, known);
      this.#waiting.push({ role, name: known, at: target });
    }
    return pointerTo(['components', to, known]);
  }

  #freeName({ key, up, file }: Node, role: Role): string {
    const whole = up === null ? file.path.replace(/^.*\//s, '').replace(/\.(ya?ml|json)$/i, '') : String(key);
    const base = whole.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 100) || 'unnamed';
    const taken = this.#taken[role];
    let count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    if (count === 1) return base;
    while (taken.has(`${base}_${count}`)) count++;
    taken.set(base, count);
    taken.set(`${base}_${count}`, 1);
    return `${base}_${count}`;
  }

  /** Written so that it leads to nothing from the document itself as well. */
  #lost({ file }: Node, reference: string): string {
    if (file === this.root.file || !reference.startsWith('#')) return movedReference(reference);
    return `${file.path.replace(/^.*\//s, '')}${reference}`;
  }
}

/** A `$ref` into the sections that have new names. */
function movedReference(reference: string): string {
  return reference
    .replace(/^#\/definitions\//, '#/components/schemas/')
    .replace(/^#\/parameters\//, '#/components/parameters/')
    .replace(/^#\/responses\//, '#/components/responses/');
}

const pointerTo = (steps: readonly (string | number)[]) =>
  `#/${steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25').replaceAll('#', '%23')).join('/')}`;

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function referenceOf(value: unknown): string | undefined {
  const reference = isMapping(value) && Object.hasOwn(value, '$ref') ? value['$ref'] : undefined;
  return typeof reference === 'string' && reference !== '' ? reference : undefined;
}
