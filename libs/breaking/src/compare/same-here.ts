import { isObject, listMember, objectMember, sameJson, type Json } from '../document/json.ts';

const below = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  'items',
  'additionalProperties',
  'contains',
  'if',
  'then',
  'else',
  'allOf',
  'anyOf',
  'oneOf',
]);
const namedBelow = ['properties', 'patternProperties', 'dependentSchemas'];
const silent = new Set(['title', 'description', 'example', 'examples', 'externalDocs', 'xml', '$comment']);

/**
 * Whether two schemas say the same, what lies below them aside. A quick answer for the great majority: false is not
 * proof of a difference.
 */
export function sameHere(base: Json, revision: Json): boolean {
  if (base === revision) return true;
  for (const name of Object.keys(base)) {
    if (silent.has(name)) continue;
    if (!Object.hasOwn(revision, name)) return false;
    if (!below.has(name)) {
      if (!sameJson(base[name], revision[name])) return false;
    } else if (isObject(base[name]) !== isObject(revision[name])) return false;
    else if (typeof base[name] === 'boolean' && base[name] !== revision[name]) return false;
  }
  for (const name of Object.keys(revision)) {
    if (!silent.has(name) && !Object.hasOwn(base, name)) return false;
  }
  for (const keyword of namedBelow)
    if (!sameNames(objectMember(base, keyword), objectMember(revision, keyword))) return false;
  return ['allOf', 'anyOf', 'oneOf'].every((keyword) =>
    sameBranches(listMember(base, keyword), listMember(revision, keyword)),
  );
}

function sameNames(left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name));
}

/** Branches that are written alike are pairs, so that what changed behind their references is found there. */
function sameBranches(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((branch, index) => sameJson(branch, right[index]));
}
