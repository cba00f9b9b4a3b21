import { member, objectMember } from '../../document/json.ts';
import { isRequest, type SchemaCheck } from '../../compare/schema-check.ts';
import { requires } from './properties.ts';

export const writeOnly: SchemaCheck = {
  ids: ['response-required-property-became-not-write-only'],
  check(pair, report) {
    if (isRequest(pair) || (pair.place !== 'body' && pair.place !== 'property')) return;
    const after = objectMember(pair.revision.value, 'properties');
    for (const name of Object.keys(objectMember(pair.base.value, 'properties') ?? {})) {
      if (after === undefined || !Object.hasOwn(after, name) || !requires(pair.revision, name)) continue;
      const before = pair.baseResolver.schema(pair.base, 'properties', name);
      const now = pair.revisionResolver.schema(pair.revision, 'properties', name);
      if (before === undefined || now === undefined) continue;
      if (member(before.value, 'writeOnly') === true && member(now.value, 'writeOnly') !== true) {
        report({
          id: 'response-required-property-became-not-write-only',
          property: name,
          says: 'is answered now and was not before',
          at: ['properties', name],
        });
      }
    }
  },
};
