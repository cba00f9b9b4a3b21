import { listMember, show } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const extensibleEnum: SchemaCheck = {
  ids: ['request-property-x-extensible-enum-value-removed', 'request-parameter-x-extensible-enum-value-removed'],
  check(pair, report) {
    if (!isRequest(pair) || !concernsCaller(pair)) return;
    if (pair.place !== 'property' && pair.place !== 'parameter') return;
    const left = new Set(listMember(pair.revision.value, 'x-extensible-enum'));
    if (left.size === 0) return;
    for (const value of listMember(pair.base.value, 'x-extensible-enum')) {
      if (!left.has(value)) {
        report({
          id: `${scopeOf(pair)}-x-extensible-enum-value-removed`,
          says: `no longer knows the value ${show(value)}`,
          about: show(value),
          gone: true,
          at: ['x-extensible-enum'],
        });
      }
    }
  },
};
