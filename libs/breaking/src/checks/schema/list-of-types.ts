import { listMember, show } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';
import { plainTypeSet } from './types-of.ts';

export const listOfTypes: SchemaCheck = {
  ids: [
    'request-body-list-of-types-narrowed',
    'request-property-list-of-types-narrowed',
    'request-parameter-list-of-types-narrowed',
    'request-parameter-property-list-of-types-narrowed',
    'response-body-list-of-types-widened',
    'response-property-list-of-types-widened',
  ],
  check(pair, report) {
    if (pair.place === 'header' || !concernsCaller(pair)) return;
    const composed = [pair.base.value, pair.revision.value].some(
      (schema) => listMember(schema, 'oneOf').length > 0 || listMember(schema, 'anyOf').length > 0,
    );
    const base = plainTypeSet(pair.base.value);
    const revision = plainTypeSet(pair.revision.value);
    if (!composed || base === undefined || revision === undefined) return;
    const lost = isRequest(pair)
      ? base.filter((type) => !holds(revision, type))
      : revision.filter((type) => !holds(base, type));
    if (lost.length === 0) return;
    report(
      isRequest(pair)
        ? { id: `${scopeOf(pair)}-list-of-types-narrowed`, says: `no longer takes ${lost.map(show).join(' or ')}` }
        : { id: `${scopeOf(pair)}-list-of-types-widened`, says: `may now be ${lost.map(show).join(' or ')} as well` },
    );
  },
};

const holds = (types: readonly string[], type: string) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));
