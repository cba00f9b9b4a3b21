import fc from 'fast-check';
import { isObject } from '../document/json.ts';

type Node = Record<string, unknown>;

/** One edit of a schema, parameter or operation, as people make them. */
type Edit = (node: Node) => void;

const schemaEdits: readonly Edit[] = [
  (schema) => (schema['type'] = schema['type'] === 'string' ? 'integer' : 'string'),
  (schema) => (schema['type'] = schema['type'] === 'integer' ? 'number' : 'boolean'),
  (schema) => (schema['nullable'] = schema['nullable'] !== true),
  (schema) => (schema['enum'] = Array.isArray(schema['enum']) ? schema['enum'].slice(1) : ['a', 'b']),
  (schema) => Array.isArray(schema['enum']) && (schema['enum'] = [...(schema['enum'] as unknown[]), 'one more']),
  (schema) => (schema['maxLength'] = 7),
  (schema) => (schema['minLength'] = 3),
  (schema) => (schema['maximum'] = 7),
  (schema) => (schema['minimum'] = 3),
  (schema) => (schema['pattern'] = '^x'),
  (schema) => (schema['format'] = 'date'),
  (schema) => delete schema['maxLength'],
  (schema) => delete schema['format'],
  (schema) => delete schema['description'],
];

const objectEdits: readonly Edit[] = [
  (schema) => delete (schema['properties'] as Node)[Object.keys(schema['properties'] as Node)[0] ?? ''],
  (schema) => ((schema['properties'] as Node)['extra'] = { type: 'string' }),
  (schema) => {
    (schema['properties'] as Node)['needed'] = { type: 'string' };
    schema['required'] = [...((schema['required'] as unknown[] | undefined) ?? []), 'needed'];
  },
  (schema) => (schema['required'] = Object.keys(schema['properties'] as Node)),
  (schema) => delete schema['required'],
];

const operationEdits: readonly Edit[] = [
  (operation) => Array.isArray(operation['parameters']) && operation['parameters'].pop(),
  (operation) => {
    const added = { name: 'fresh', in: 'query', required: true, schema: { type: 'string' } };
    operation['parameters'] = [...((operation['parameters'] as unknown[] | undefined) ?? []), added];
  },
  (operation) => delete (operation['responses'] as Node)['200'],
  (operation) => delete operation['requestBody'],
  (operation) => isObject(operation['requestBody']) && ((operation['requestBody'] as Node)['required'] = true),
  (operation) => {
    operation['requestBody'] ??= { content: { 'application/json': { schema: { type: 'object' } } }, required: true };
  },
  (operation) => (operation['deprecated'] = true),
];

const pathEdits: readonly Edit[] = [
  (paths) => delete paths[Object.keys(paths)[0] ?? ''],
  (paths) => (paths['/fresh'] = { get: { responses: { 200: { description: '' } } } }),
];

const parameterEdits: readonly Edit[] = [
  (parameter) => parameter['in'] !== 'path' && (parameter['required'] = parameter['required'] !== true),
];

/** All places of a document that an edit may change, with the edits that make sense there. */
function placesOf(document: Node): { node: Node; edits: readonly Edit[] }[] {
  const places: { node: Node; edits: readonly Edit[] }[] = [];
  const visit = (value: unknown, name: string) => {
    if (Array.isArray(value)) for (const entry of value) visit(entry, name);
    if (!isObject(value) || name === 'example' || name === 'examples' || name === 'default') return;
    const node = value as Node;
    if (name === 'paths') places.push({ node, edits: pathEdits });
    if (isObject(node['responses']) && name !== 'components') places.push({ node, edits: operationEdits });
    if (typeof node['in'] === 'string' && typeof node['name'] === 'string')
      places.push({ node, edits: parameterEdits });
    if (typeof node['type'] === 'string' && name !== 'securitySchemes') places.push({ node, edits: schemaEdits });
    if (isObject(node['properties'])) places.push({ node, edits: objectEdits });
    for (const member of Object.keys(node)) {
      if (name !== 'components' || member !== 'securitySchemes') visit(node[member], member);
    }
  };
  visit(document, '');
  return places;
}

/** A revision of one of the documents, made by one to four edits. */
export function revisedPair(documents: readonly object[]): fc.Arbitrary<{ base: Node; revision: Node }> {
  const edit = fc.tuple(fc.nat(), fc.nat());
  return fc
    .tuple(fc.nat(documents.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([index, edits]) => {
      const base = structuredClone(documents[index]) as Node;
      const revision = structuredClone(base);
      for (const [place, kind] of edits) {
        const places = placesOf(revision);
        const chosen = places[place % places.length];
        chosen?.edits[kind % chosen.edits.length]?.(chosen.node);
      }
      return { base, revision };
    });
}
