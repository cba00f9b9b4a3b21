import { breakingChanges } from '../breaking-changes.ts';
import type { BreakingChange, BreakingOptions } from '../change.ts';

type Schema = Readonly<Record<string, unknown>> | boolean;

const components = {
  schemas: {
    Text: { type: 'string' },
    Cat: { type: 'object', properties: { meow: { type: 'string' } } },
    Dog: { type: 'object', properties: { bark: { type: 'string' } } },
  },
  securitySchemes: {
    key: { type: 'apiKey', in: 'header', name: 'x-key' },
    login: { type: 'oauth2', flows: {} },
  },
};

/** A document with one path. */
export function document(pathItem: unknown, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    openapi: '3.0.3',
    info: { title: 'Pets', version: '1' },
    paths: pathItem === undefined ? {} : { '/pets/{id}': pathItem },
    components,
    ...more,
  };
}

/** A document with one operation, `POST /pets/{id}`. */
export function operation(members: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) {
  return document({ post: { responses: { 200: { description: '' } }, ...members } }, more);
}

/** The schema as the request body. */
export const asRequest = (schema: Schema, type = 'application/json') =>
  operation({ requestBody: { content: { [type]: { schema } } } });

/** The schema as the body of the 200 response. */
export const asResponse = (schema: Schema) =>
  operation({ responses: { 200: { description: '', content: { 'application/json': { schema } } } } });

/** The schema as a query parameter. */
export const asParameter = (schema: Schema, members: Readonly<Record<string, unknown>> = {}) =>
  operation({ parameters: [{ name: 'limit', in: 'query', schema, ...members }] });

/** The schema as the property `p` of an object. */
export const property = (schema: Schema) => ({ type: 'object', properties: { p: schema } });

/** Where a schema is tried: its ids begin accordingly. */
export const places = {
  'request-body': asRequest,
  'request-property': (schema: Schema) => asRequest(property(schema)),
  'request-parameter': (schema: Schema) => asParameter(schema),
  'request-parameter-property': (schema: Schema) => asParameter(property(schema)),
  'response-body': asResponse,
  'response-property': (schema: Schema) => asResponse(property(schema)),
} as const;

/** Ids of all that was found, each once. */
export function idsOf(base: unknown, revision: unknown, options: BreakingOptions = {}): string[] {
  return [...new Set(breakingChanges(base, revision, options).map(({ id }) => id))];
}

/** Ids found when a schema becomes another one, over all places where it may stand. */
export function idsOfSchemas(base: Schema, revision: Schema, options: BreakingOptions = {}): string[] {
  return [...new Set(Object.values(places).flatMap((place) => idsOf(place(base), place(revision), options)))].sort();
}

export function onlyChange(base: unknown, revision: unknown, options: BreakingOptions = {}): BreakingChange {
  const changes = breakingChanges(base, revision, options);
  if (changes.length !== 1 || changes[0] === undefined)
    throw new Error(`${changes.length} changes: ${JSON.stringify(changes)}`);
  return changes[0];
}
