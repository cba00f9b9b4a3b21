import { targetOf, type Values } from './resolve-document.ts';

/** What Spectral asks of its resolver's graph. */
export interface DocumentGraph {
  /** Every place that a `$ref` leads to, as `/file#/pointer`. */
  overallOrder(): string[];
  /** The `$ref`s of a file that are resolved, by their pointers. */
  getNodeData(source: string): { readonly refMap: Readonly<Record<string, string>> };
}

export interface DocumentReferences {
  readonly graph: DocumentGraph;
  /** Objects with a `$ref` that leads back to something around it; Spectral leaves them as they are. */
  readonly circular: ReadonlySet<unknown>;
}

interface Reference {
  readonly file: string;
  /** Places are written as Spectral writes them: `#/paths/~1pets`. */
  readonly pointer: string;
  readonly holder: object;
  readonly toFile: string;
  readonly toPointer: string;
}

/**
 * Which `$ref`s there are and where they lead. Spectral tells by it what nothing uses, and to which file and place a
 * finding behind a `$ref` belongs. `$ref`s that lead to nothing are left out.
 */
export function documentReferences(root: string, values: Values): DocumentReferences {
  const references = [...values].flatMap(([file, value]) => referencesIn(file, value, values));
  const rings = ringsOf(references);
  const circular = new Set(references.filter((each) => isCircular(each, rings)).map(({ holder }) => holder));
  const maps = new Map<string, Record<string, string>>();
  for (const { file, pointer, holder, toFile, toPointer } of references) {
    if (circular.has(holder)) continue;
    const map = maps.get(file) ?? (Object.create(null) as Record<string, string>);
    maps.set(file, map);
    map[pointer] = toFile === file ? toPointer : `/${toFile}${toPointer}`;
  }
  const order = [...new Set([`/${root}`, ...references.map(targetKey)])];
  const graph: DocumentGraph = {
    overallOrder: () => order,
    getNodeData: (source) => ({ refMap: maps.get(source.slice(1)) ?? {} }),
  };
  return { graph, circular };
}

function referencesIn(file: string, whole: unknown, values: Values): Reference[] {
  const found: Reference[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const reference = Array.isArray(value) ? undefined : (value as { $ref?: unknown }).$ref;
    if (typeof reference !== 'string') {
      for (const [key, member] of Object.entries(value)) visit(member, `${pointer}/${encoded(key)}`);
      return;
    }
    const target = targetOf(reference, file, values);
    if (target === undefined) return;
    const toPointer = ['#', ...target.pointer.map(encoded)].join('/');
    found.push({ file, pointer, holder: value, toFile: target.file, toPointer });
  };
  visit(whole, '#');
  return found;
}

const targetKey = ({ toFile, toPointer }: Reference) => `/${toFile}${toPointer}`;

/** The places around a `$ref`, outermost first. */
function* around({ file, pointer }: Reference): Generator<string> {
  for (let cut = pointer.indexOf('/'); cut !== -1; cut = pointer.indexOf('/', cut + 1))
    yield `/${file}${pointer.slice(0, cut)}`;
  yield `/${file}${pointer}`;
}

const isCircular = (reference: Reference, rings: ReadonlyMap<string, number>): boolean => {
  const ring = rings.get(targetKey(reference));
  return [...around(reference)].some((place) => rings.get(place) === ring);
};

/** Which ring each target is of: two are of one where each leads to the other (Tarjan's strongly connected components). */
function ringsOf(references: readonly Reference[]): ReadonlyMap<string, number> {
  const leadsTo = new Map<string, Set<string>>(references.map((each) => [targetKey(each), new Set()]));
  for (const each of references) for (const place of around(each)) leadsTo.get(place)?.add(targetKey(each));
  const rings = new Map<string, number>();
  const entered = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const enter = (target: string) => {
    entered.set(target, entered.size);
    lowest.set(target, entered.get(target)!);
    open.push(target);
    return { target, rest: leadsTo.get(target)!.values() };
  };
  const lower = (target: string, to: number) => lowest.set(target, Math.min(lowest.get(target)!, to));
  for (const start of leadsTo.keys()) {
    if (entered.has(start)) continue;
    const way = [enter(start)];
    while (way.length > 0) {
      const { target, rest } = way.at(-1)!;
      const next = rest.next();
      if (next.done !== true) {
        if (!entered.has(next.value)) way.push(enter(next.value));
        else if (!rings.has(next.value)) lower(target, entered.get(next.value)!);
        continue;
      }
      way.pop();
      if (way.length > 0) lower(way.at(-1)!.target, lowest.get(target)!);
      if (lowest.get(target) !== entered.get(target)) continue;
      const ring = entered.get(target)!;
      for (let member = open.pop()!; ; member = open.pop()!) {
        rings.set(member, ring);
        if (member === target) break;
      }
    }
  }
  return rings;
}

/** As Spectral writes the steps of the pointers that it looks for: a dash (U+2013) as it is. */
const encoded = (step: string): string =>
  step
    .replaceAll('~', '~0')
    .replaceAll('/', '~1')
    .replaceAll(/[^\u{D800}-\u{DFFF}–]+/gu, encodeURIComponent);
