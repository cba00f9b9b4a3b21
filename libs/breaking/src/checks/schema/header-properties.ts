import { listMember, objectMember } from '../../document/json.ts';
import type { SchemaCheck } from '../../compare/schema-check.ts';
import { filledIn, requiredNames, requires } from './properties.ts';

/**
 * Properties of a request parameter that is an object. The vocabulary has words for those of headers; the same words
 * are used for every parameter.
 */
export const headerProperties: SchemaCheck = {
  ids: [
    'new-required-request-header-property',
    'request-header-property-became-required',
    'request-header-property-became-enum',
  ],
  check(pair, report) {
    if (pair.place === 'parameter-property' && becameEnum(pair.base.value, pair.revision.value)) {
      report({ id: 'request-header-property-became-enum', says: 'takes only certain values now', at: ['enum'] });
    }
    if (pair.place !== 'parameter' && pair.place !== 'parameter-property') return;
    const before = objectMember(pair.base.value, 'properties');
    for (const name of requiredNames(pair.revision)) {
      if (requires(pair.base, name) || filledIn(pair, name)) continue;
      const known = before !== undefined && Object.hasOwn(before, name);
      report({
        id: known ? 'request-header-property-became-required' : 'new-required-request-header-property',
        property: name,
        says: known ? 'must be given now' : 'is new and must be given',
        at: ['properties', name],
      });
    }
  },
};

const becameEnum = (base: Parameters<typeof listMember>[0], revision: Parameters<typeof listMember>[0]) =>
  listMember(base, 'enum').length === 0 && listMember(revision, 'enum').length > 0;
