import { isObject, listMember, objectMember, pointerTo, show, textMember, type Json } from './json.ts';
import type { Located, Resolver } from './resolver.ts';

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

export interface PathItem {
  readonly path: string;
  readonly item: Located;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly item: Located;
  readonly operation: Located;
}

/** The template with parameter names left out: `/pets/{id}` and `/pets/{petId}` are one path. */
export function pathShape(path: string): string {
  return path.replaceAll(/\{[^{}/]*\}/g, '{}');
}

export function pathParameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}/]*)\}/g)].map((match) => match[1] ?? '');
}

export function pathItems(document: Json, resolver: Resolver, section: 'paths' | 'webhooks'): Map<string, PathItem> {
  const found = new Map<string, PathItem>();
  const paths = objectMember(document, section) ?? {};
  for (const path of Object.keys(paths).sort()) {
    if (path.startsWith('x-')) continue;
    const item = resolver.at(paths[path], pointerTo('', section, path));
    if (item === undefined) continue;
    // The same name first, so that two templates of one shape in a document stay apart.
    const shape = section === 'paths' ? pathShape(path) : path;
    found.set(found.has(shape) ? path : shape, { path, item });
  }
  return found;
}

export function operationsOf({ path, item }: PathItem): Operation[] {
  const operations: Operation[] = [];
  for (const method of METHODS) {
    const value = objectMember(item.value, method);
    if (value !== undefined) {
      operations.push({ method, path, item, operation: { value, pointer: pointerTo(item.pointer, method) } });
    }
  }
  return operations;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly at: Located;
  /** Declared for all operations of the path. */
  readonly shared: boolean;
  /** What identifies it: path parameters by their position, headers whatever their case. */
  readonly key: string;
}

/** As it is called in a sentence. */
export const nameOf = (parameter: Pick<Parameter, 'in' | 'name'>) =>
  `${parameter.in} parameter ${show(parameter.name)}`;

/** The operation's own parameters over those of its path. */
export function parametersOf(operation: Operation, resolver: Resolver): Map<string, Parameter> {
  const positions = pathParameterNames(operation.path);
  const found = new Map<string, Parameter>();
  const add = (owner: Located, shared: boolean) => {
    const list = listMember(owner.value, 'parameters');
    for (let index = 0; index < list.length; index++) {
      const at = resolver.child(owner, 'parameters', index);
      const name = textMember(at?.value, 'name');
      const place = textMember(at?.value, 'in');
      if (at === undefined || name === undefined || place === undefined) continue;
      const key = parameterKey(name, place, positions);
      found.set(key, { name, in: place, at, shared, key });
    }
  };
  add(operation.item, true);
  add(operation.operation, false);
  return found;
}

function parameterKey(name: string, place: string, positions: readonly string[]): string {
  if (place === 'header') return `header ${name.toLowerCase()}`;
  const position = place === 'path' ? positions.indexOf(name) : -1;
  return position < 0 ? `${place} ${name}` : `path {${position}}`;
}

/** The schema of a parameter or header, by `schema` or by its only media type. */
export function schemaOf(holder: Located, resolver: Resolver): Located | undefined {
  const direct = resolver.child(holder, 'schema');
  if (direct !== undefined) return direct;
  const content = objectMember(holder.value, 'content');
  const type = content === undefined ? undefined : Object.keys(content)[0];
  return type === undefined || !isObject(content?.[type])
    ? undefined
    : resolver.child(holder, 'content', type, 'schema');
}
