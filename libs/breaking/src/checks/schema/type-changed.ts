import { listMember, member, show, textMember, type Json } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck, type SchemaPair } from '../../compare/schema-check.ts';
import { typesOf, plainTypeSet } from './types-of.ts';

/** Formats that hold every value of others. */
const wider: Readonly<Record<string, readonly string[]>> = {
  double: ['float'],
  int64: ['int32'],
  bigint: ['int32', 'int64'],
  'date-time': ['date', 'time'],
};

export const typeChanged: SchemaCheck = {
  ids: [
    'request-body-type-changed',
    'request-property-type-changed',
    'request-parameter-type-changed',
    'request-parameter-property-type-specialized',
    'request-parameter-property-type-changed',
    'response-body-type-changed',
    'response-property-type-changed',
    'response-header-type-changed',
  ],
  check(pair, report) {
    if (!concernsCaller(pair) || listsTypes(pair)) return;
    const base = pair.base.value;
    const revision = pair.revision.value;
    const kept = isRequest(pair) ? holds(revision, base, pair.typed) : holds(base, revision, pair.typed);
    if (kept) return;
    report({
      id: pair.place === 'parameter-property' ? idOfProperty(base, revision) : `${scopeOf(pair)}-type-changed`,
      says: isRequest(pair)
        ? `takes ${nameOf(revision)} where it took ${nameOf(base)}`
        : `is ${nameOf(revision)} where it was ${nameOf(base)}`,
      at: member(revision, 'type') === undefined ? [] : ['type'],
      hint: 'add a new property or operation beside the old one, and deprecate the old one first',
    });
  },
};

/** Text is what everything in a parameter is written in, so that it may still be taken; another type is not. */
function idOfProperty(base: Json, revision: Json): string {
  const types = typesOf(revision);
  const text = types.length === 0 || types.includes('string');
  const kind = text && types.join() !== typesOf(base).join() ? 'changed' : 'specialized';
  return `request-parameter-property-type-${kind}`;
}

/** Whether every value of `narrow` is one of `wide`, by type and format as far as they are declared. */
function holds(wide: Json, narrow: Json, typed: boolean): boolean {
  const wideTypes = typesOf(wide);
  const narrowTypes = typesOf(narrow);
  const wideFormat = textMember(wide, 'format');
  const narrowFormat = textMember(narrow, 'format');
  const sameTypes = wideTypes.join() === narrowTypes.join();
  if (sameTypes && wideFormat === narrowFormat) return true;
  if (sameTypes) {
    if (wideFormat === undefined || narrowFormat === undefined) return false;
    return wider[wideFormat]?.includes(narrowFormat) ?? false;
  }
  if (!typed && (wideTypes.length === 0 || wideTypes.includes('string'))) return wideFormat === undefined;
  if (wideTypes.length === 0 || narrowTypes.length === 0) return false;
  return narrowTypes.every((type) => wideTypes.includes(type) || (type === 'integer' && wideTypes.includes('number')));
}

/** A change between a type and a list of types is told by the check for those. */
function listsTypes({ base, revision }: SchemaPair): boolean {
  const composed = [base.value, revision.value].some(
    (schema) => listMember(schema, 'oneOf').length > 0 || listMember(schema, 'anyOf').length > 0,
  );
  return composed && plainTypeSet(base.value) !== undefined && plainTypeSet(revision.value) !== undefined;
}

function nameOf(schema: Json): string {
  const types = typesOf(schema);
  const format = textMember(schema, 'format');
  const name = types.length === 0 ? 'any type' : types.map(show).join(' or ');
  return format === undefined ? name : `${name} of format ${show(format)}`;
}
