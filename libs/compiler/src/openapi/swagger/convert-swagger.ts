import type { LoadedFile } from '../load-references.ts';
import { Conversion, isMapping, type Node, type Role } from './conversion.ts';
import { convertParameter, requestBody, sentOf } from './parameters.ts';
import { convertPaths } from './paths.ts';
import { convertResponse } from './responses.ts';
import { convertSchema } from './schemas.ts';
import { convertSecurity } from './security.ts';
import { serversOf } from './servers.ts';

type Pointer = readonly (string | number)[];

export interface ConvertedDocument {
  /** The document as OpenAPI 3.0, with all that it takes from other files in it. */
  readonly value: Record<string, unknown>;
  /** Where a place of the new document came from; what has no counterpart: what is around it. */
  origin(pointer: Pointer): { readonly file: string; readonly pointer: Pointer };
  /** What could not be said as it was meant. */
  readonly notes: readonly { readonly file: string; readonly pointer: Pointer; readonly message: string }[];
}

/** Whether a parsed document says that it is Swagger 2.0. */
export const isSwagger = (value: unknown): boolean =>
  isMapping(value) && !Object.hasOwn(value, 'openapi') && (value['swagger'] === '2.0' || value['swagger'] === 2);

/** Keys that only OpenAPI 3 has: they mean nothing in Swagger 2.0, and must not come to mean something. */
const notYet = new Set(['openapi', 'components', 'servers', 'webhooks']);
const moved = new Set(
  'swagger host basePath schemes consumes produces definitions parameters responses securityDefinitions'.split(' '),
);

/**
 * A Swagger 2.0 document, whatever number of files it is written in, as one of OpenAPI 3.0. Nothing that is given is
 * written to. Time and size are bounded by those of the files: what is referred to is taken in once.
 *
 * @param files the document itself and every file that it refers to, by path; none in which `$ref`s only go round
 */
export function convertSwagger(root: LoadedFile, files: ReadonlyMap<string, LoadedFile>): ConvertedDocument {
  const to = new Conversion(root, files);
  const at = to.root;
  const rest: [string, unknown][] = [];
  for (const [key, member] of at.entries()) {
    if (notYet.has(key)) to.note(member, `\`${key}\` means nothing in Swagger 2.0; it is left out.`);
    else if (key === 'paths') rest.push([key, convertPaths(to, member)]);
    else if (!moved.has(key)) rest.push([key, to.plain(member)]);
  }
  const value = to.make(at, [
    ['openapi', '3.0.3'],
    ...rest,
    ['servers', serversOf(to, at.child('schemes'))],
    ['components', componentsOf(to)],
  ]);
  return {
    value,
    origin: (pointer) => originIn(to, value, pointer),
    notes: to.notes.map(({ at: place, message }) => ({ file: place.file.path, pointer: place.pointer, message })),
  };
}

function componentsOf(to: Conversion): unknown {
  const at = to.root;
  const schemas = new Map<string, unknown>();
  const parameters = new Map<string, unknown>();
  const responses = new Map<string, unknown>();
  const requestBodies = new Map<string, unknown>();
  const referenced = new Map<string, unknown>();
  const add = (role: Role, name: string, member: Node) => {
    if (role === 'schema') schemas.set(name, convertSchema(to, member));
    else if (role === 'response') responses.set(name, convertResponse(to, member, to.produces));
    else if (role === 'parameter') parameters.set(name, convertParameter(to, member));
    else referenced.set(name, to.taken(member));
  };
  for (const [name, member] of at.child('definitions')?.entries() ?? []) add('schema', name, member);
  for (const [name, member] of at.child('responses')?.entries() ?? []) add('response', name, member);
  for (const [name, member] of at.child('parameters')?.entries() ?? []) {
    const sent = sentOf(to, [member]);
    if (sent.plain.length > 0) add('parameter', name, member);
    else requestBodies.set(name, requestBody(to, sent, to.consumes));
  }
  const security = at.child('securityDefinitions');
  const schemes = security === undefined ? undefined : convertSecurity(to, security);
  for (const { role, name, at: member } of to.lifted()) add(role, name, member);
  const section = (key: string, of: Map<string, unknown>): unknown => {
    const from = at.child(key);
    // What is no mapping stays as it is, for whoever looks at the structure.
    if (of.size === 0) return isMapping(from?.value) ? undefined : from?.value;
    return to.make(from ?? at, of);
  };
  const members: [string, unknown][] = [
    ['schemas', section('definitions', schemas)],
    ['parameters', section('parameters', parameters)],
    ['responses', section('responses', responses)],
    ['requestBodies', requestBodies.size === 0 ? undefined : to.make(at.child('parameters') ?? at, requestBodies)],
    ['x-referenced', referenced.size === 0 ? undefined : to.make(at, referenced)],
    ['securitySchemes', schemes],
  ];
  return members.every(([, member]) => member === undefined) ? undefined : to.make(at, members);
}

/** Keys that have another name in the original. */
const formerly: Record<string, string> = {
  openapi: 'swagger',
  nullable: 'x-nullable',
  'x-collectionFormat': 'collectionFormat',
};

function originIn(to: Conversion, root: unknown, pointer: Pointer) {
  let node = to.root;
  let value = root;
  for (const step of pointer) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) break;
    value = (value as Record<string | number, unknown>)[step];
    node = to.originOf(value) ?? node.child(step) ?? node.child(formerly[step] ?? step) ?? node;
  }
  return { file: node.file.path, pointer: node.pointer };
}
