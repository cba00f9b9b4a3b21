import type { Finding, Location } from '@gitway/contracts';
import { kinds, locationOf, suggestionHint, type BrokenResource, type Kind } from '@gitway/resources';
import type { Located } from './collect-files.ts';
import { compare, finding } from './findings.ts';

/** Every resource by kind and name. A name that is taken twice is an error, and stands for its first bearer meanwhile. */
export class ResourceIndex {
  readonly findings: Finding[] = [];
  readonly #byKind = new Map<Kind, Map<string, Located>>(kinds.map((kind) => [kind, new Map()]));
  /** All bearers of a name that is taken more than once, in order of place. */
  readonly #shared = new Map<string, Located[]>();
  readonly #sorted = new Map<Kind, readonly Located[]>();
  /** Names of resources that exist but are not valid: a reference to one is not reported on top. */
  readonly #broken = new Set<string>();

  constructor(resources: readonly Located[], broken: readonly BrokenResource[]) {
    for (const located of resources) {
      const { kind, name } = located.resource;
      const known = this.#byKind.get(kind)!;
      const first = known.get(name);
      if (first === undefined) known.set(name, located);
      else {
        const key = `${kind}/${name}`;
        this.#shared.set(key, [...(this.#shared.get(key) ?? [first]), located]);
        this.#reportDuplicate(first, located);
      }
    }
    for (const { kind, name } of broken) this.#broken.add(`${kind}/${name}`);
  }

  get(kind: Kind, name: string): Located | undefined {
    return this.#byKind.get(kind)!.get(name);
  }

  get hasDuplicates(): boolean {
    return this.#shared.size > 0;
  }

  get hasBroken(): boolean {
    return this.#broken.size > 0;
  }

  /** Those that a reference to the name could mean: more than one where it is ambiguous. */
  bearersOf(kind: Kind, name: string): readonly Located[] {
    const one = this.get(kind, name);
    return this.#shared.get(`${kind}/${name}`) ?? (one === undefined ? [] : [one]);
  }

  isBroken(kind: Kind, name: string): boolean {
    return this.#broken.has(`${kind}/${name}`);
  }

  /** Names of resources of the kind that exist but are not valid. */
  broken(kind: Kind): string[] {
    const prefix = `${kind}/`;
    return [...this.#broken].filter((each) => each.startsWith(prefix)).sort(compare);
  }

  /** In order of name. */
  all(kind: Kind): readonly Located[] {
    let sorted = this.#sorted.get(kind);
    if (sorted === undefined) {
      sorted = [...this.#byKind.get(kind)!.values()].sort((a, b) => compare(a.resource.name, b.resource.name));
      this.#sorted.set(kind, sorted);
    }
    return sorted;
  }

  everything(): Located[] {
    return kinds.flatMap((kind) => this.all(kind));
  }

  /** In no order. */
  every(kind: Kind): IterableIterator<Located> {
    return this.#byKind.get(kind)!.values();
  }

  some(kind: Kind, holds: (located: Located) => boolean): boolean {
    for (const located of this.every(kind)) if (holds(located)) return true;
    return false;
  }

  /** A finding for a reference to nothing; undefined when there is such a resource, be it valid or not. */
  unknownReference(kind: Kind, name: string, place: () => Location): Finding | undefined {
    const known = this.#byKind.get(kind)!;
    if (known.has(name) || this.isBroken(kind, name)) return undefined;
    const hint = suggestionHint(name, known.keys(), 'There are');
    return finding(
      'unknown-reference',
      'error',
      place(),
      `There is no ${kind} \`${name}\`.`,
      hint ?? `Add a ${kind} of that name, or take the reference out.`,
    );
  }

  #reportDuplicate(first: Located, second: Located): void {
    const { kind, name } = second.resource;
    const message = `There are two resources ${kind} \`${name}\`.`;
    this.findings.push({
      ...finding(
        'duplicate-name',
        'error',
        locationOf(second.resource, ['metadata', 'name']),
        message,
        'Rename or delete one of them.',
      ),
      related: [{ where: locationOf(first.resource, ['metadata', 'name']), message: 'The other one is here.' }],
    });
  }
}
