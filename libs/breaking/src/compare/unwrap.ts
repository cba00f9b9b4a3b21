import { isObject, listMember } from '../document/json.ts';
import type { Located, Resolver } from '../document/resolver.ts';

/** Members that say nothing about which values are valid. */
const annotations = new Set([
  'title',
  'description',
  'example',
  'examples',
  'externalDocs',
  'xml',
  'deprecated',
  '$comment',
]);

const MAX_LAYERS = 8;

/** The schema that an `allOf` stands for when everything beside it is annotation: `{allOf: [{$ref}, {description}]}` is the target of `$ref`. */
export function unwrapAllOf(schema: Located, resolver: Resolver): Located {
  let current = schema;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = onlyBranch(current, resolver);
    if (inner === undefined) return current;
    current = inner;
  }
  return current;
}

function onlyBranch(schema: Located, resolver: Resolver): Located | undefined {
  const branches = listMember(schema.value, 'allOf');
  if (branches.length === 0 || branches.length > 8) return undefined;
  if (!Object.keys(schema.value).every((name) => name === 'allOf' || isAnnotation(name))) return undefined;
  const saying = branches.flatMap((branch, index) =>
    isObject(branch) && Object.keys(branch).every(isAnnotation) ? [] : [index],
  );
  const [index] = saying;
  return saying.length === 1 && index !== undefined ? resolver.child(schema, 'allOf', index) : undefined;
}

const isAnnotation = (name: string) => annotations.has(name) || name.startsWith('x-');
