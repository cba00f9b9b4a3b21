import { bodyScopes, concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';
import { isNullable } from './types-of.ts';

export const nullable: SchemaCheck = {
  ids: bodyScopes.map((scope) => `${scope}-${scope.startsWith('request') ? 'became-not-nullable' : 'became-nullable'}`),
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const before = isNullable(pair.base.value);
    const after = isNullable(pair.revision.value);
    if (isRequest(pair) && before && !after) {
      report({ id: `${scopeOf(pair)}-became-not-nullable`, says: 'no longer takes null' });
    }
    if (!isRequest(pair) && !before && after) {
      report({ id: `${scopeOf(pair)}-became-nullable`, says: 'may now be null' });
    }
  },
};
