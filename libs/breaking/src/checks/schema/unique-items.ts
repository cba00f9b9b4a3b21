import { member } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const uniqueItems: SchemaCheck = {
  ids: [
    ...['request-body', 'request-property', 'request-parameter'].map((scope) => `${scope}-unique-items-added`),
    'response-body-unique-items-removed',
    'response-property-unique-items-removed',
  ],
  check(pair, report) {
    if (pair.place === 'header' || pair.place === 'parameter-property' || !concernsCaller(pair)) return;
    const before = member(pair.base.value, 'uniqueItems') === true;
    const after = member(pair.revision.value, 'uniqueItems') === true;
    if (isRequest(pair) && after && !before) {
      report({
        id: `${scopeOf(pair)}-unique-items-added`,
        says: 'no longer takes a value twice',
        at: ['uniqueItems'],
      });
    }
    if (!isRequest(pair) && before && !after) {
      report({
        id: `${scopeOf(pair)}-unique-items-removed`,
        says: 'may now have a value twice',
        at: ['uniqueItems'],
        gone: true,
      });
    }
  },
};
