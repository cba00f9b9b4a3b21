import fc from 'fast-check';
import { isObject } from '../document/json.ts';
import { METHODS } from '../document/operations.ts';

type Node = Record<string, unknown>;

/** The same document with the members of each object in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((entry) => shuffled(entry, seed));
  if (!isObject(value)) return value;
  const rank = (name: string) =>
    name.split('').reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, seed % 9973);
  const names = Object.keys(value).sort((a, b) => rank(a) - rank(b) || (a < b ? 1 : -1));
  return Object.fromEntries(names.map((name) => [name, shuffled(value[name], seed)]));
}

export interface OperationAt {
  readonly method: string;
  readonly path: string;
  readonly item: Node;
  readonly operation: Node;
}

export function operationsIn(document: Node): OperationAt[] {
  const paths = isObject(document['paths']) ? document['paths'] : {};
  return Object.keys(paths).flatMap((path) => {
    const item = paths[path];
    if (!isObject(item)) return [];
    return METHODS.flatMap((method) => {
      const operation = item[method];
      return isObject(operation) ? [{ method: method.toUpperCase(), path, item, operation }] : [];
    });
  });
}

/** What nobody who calls an API can stumble over. */
const harmless: readonly ((place: OperationAt, document: Node) => void)[] = [
  ({ operation }) => {
    const fresh = { name: 'x-fresh', in: 'query', schema: { type: 'string' } };
    operation['parameters'] = [...((operation['parameters'] as unknown[] | undefined) ?? []), fresh];
  },
  ({ operation }) => {
    operation['responses'] = { ...(operation['responses'] as Node | undefined), 418: { description: 'A teapot' } };
  },
  ({ operation }) => (operation['description'] = 'In other words'),
  ({ operation }) => (operation['tags'] = ['fresh']),
  (_place, document) =>
    ((document['paths'] as Node)['/x-fresh'] = { get: { responses: { 200: { description: '' } } } }),
  ({ operation }) => {
    for (const response of Object.values((operation['responses'] as Node | undefined) ?? {})) {
      if (!isObject(response) || Object.hasOwn(response, '$ref')) continue;
      (response as Node)['headers'] = { ...(response['headers'] as Node | undefined), 'X-Fresh': { schema: {} } };
    }
  },
  (_place, document) => {
    for (const schema of schemasIn(document)) {
      (schema['properties'] as Node)['x-fresh'] = { type: 'string' };
    }
  },
];

function schemasIn(document: Node): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown, name: string) => {
    if (Array.isArray(value)) for (const entry of value) visit(entry, name);
    if (!isObject(value) || ['example', 'examples', 'default', 'enum'].includes(name)) return;
    if (isObject(value['properties']) && name !== 'properties') found.push(value);
    for (const member of Object.keys(value)) visit(value[member], member);
  };
  visit(document['components'], '');
  return found;
}

const anyOf = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

/** A document and a revision that only adds what may be left out. */
export function harmlessPair(documents: readonly object[]): fc.Arbitrary<{ base: Node; revision: Node }> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 5 });
  return fc.tuple(fc.nat(), edits).map(([index, chosen]) => {
    const base = structuredClone(anyOf(documents, index)) as Node;
    const revision = structuredClone(base);
    for (const [at, kind] of chosen) {
      const place = anyOf(operationsIn(revision), at);
      if (place !== undefined) anyOf(harmless, kind)?.(place, revision);
    }
    return { base, revision };
  });
}

/** A document, and a revision that has one operation less. */
export function pairWithout(
  documents: readonly object[],
): fc.Arbitrary<{ base: Node; revision: Node; gone: OperationAt }> {
  return fc
    .tuple(fc.nat(), fc.nat())
    .map(([index, at]) => {
      const base = structuredClone(anyOf(documents, index)) as Node;
      const revision = structuredClone(base);
      const gone = anyOf(operationsIn(revision), at);
      if (gone !== undefined) delete gone.item[gone.method.toLowerCase()];
      return { base, revision, gone };
    })
    .filter((pair): pair is { base: Node; revision: Node; gone: OperationAt } => pair.gone !== undefined);
}

const junk = [
  null,
  5,
  '',
  [],
  {},
  true,
  [[]],
  { $ref: '#' },
  { $ref: '#/paths' },
  { allOf: [{ $ref: '#/components' }] },
];

/** A document in which values were replaced by others of the wrong kind. */
export function spoiled(documents: readonly object[]): fc.Arbitrary<Node> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 });
  return fc.tuple(fc.nat(), edits).map(([index, chosen]) => {
    const document = structuredClone(anyOf(documents, index)) as Node;
    for (const [at, kind] of chosen) {
      const places: { holder: Node; name: string }[] = [];
      const visit = (value: unknown) => {
        if (typeof value !== 'object' || value === null) return;
        for (const name of Object.keys(value)) {
          places.push({ holder: value as Node, name });
          visit((value as Node)[name]);
        }
      };
      visit(document);
      const place = anyOf(places, at);
      if (place !== undefined) place.holder[place.name] = structuredClone(anyOf(junk, kind));
    }
    return document;
  });
}
