import { member, sameJson } from '../../document/json.ts';
import { bodyScopes, concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

/** What `not` refuses. Whether another `not` refuses more is not judged: it is told for a look. */
export const not: SchemaCheck = {
  ids: bodyScopes.flatMap((scope) =>
    scope.startsWith('request') ? [`${scope}-not-added`, `${scope}-not-changed`] : [`${scope}-not-removed`],
  ),
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const before = member(pair.base.value, 'not');
    const after = member(pair.revision.value, 'not');
    if (sameJson(before, after)) return;
    const scope = scopeOf(pair);
    if (!isRequest(pair)) {
      if (after !== undefined) return;
      report({ id: `${scope}-not-removed`, says: 'may now be what its `not` ruled out', at: ['not'], gone: true });
    } else if (before === undefined) {
      report({ id: `${scope}-not-added`, says: 'no longer takes what its `not` describes', at: ['not'] });
    } else if (after !== undefined) {
      report({ id: `${scope}-not-changed`, says: 'refuses something else by its `not`', at: ['not'] });
    }
  },
};
