import { member, sameJson, show } from '../../document/json.ts';
import { bodyScopes, concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const constValue: SchemaCheck = {
  ids: bodyScopes.flatMap((scope) => [
    `${scope}-const-changed`,
    scope.startsWith('request') ? `${scope}-const-added` : `${scope}-const-removed`,
  ]),
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const before = member(pair.base.value, 'const');
    const after = member(pair.revision.value, 'const');
    if (sameJson(before, after)) return;
    const scope = scopeOf(pair);
    if (before !== undefined && after !== undefined) {
      report({
        id: `${scope}-const-changed`,
        says: `is always ${show(after)} where it was ${show(before)}`,
        at: ['const'],
      });
    } else if (before === undefined && isRequest(pair)) {
      report({ id: `${scope}-const-added`, says: `takes only ${show(after)}`, at: ['const'] });
    } else if (after === undefined && !isRequest(pair)) {
      report({
        id: `${scope}-const-removed`,
        says: `is no longer always ${show(before)}`,
        gone: true,
        at: ['const'],
      });
    }
  },
};
