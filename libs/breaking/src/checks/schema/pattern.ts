import { show, textMember } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const pattern: SchemaCheck = {
  ids: [
    'request-property-pattern-added',
    'request-property-pattern-changed',
    'request-parameter-pattern-added',
    'request-parameter-pattern-changed',
  ],
  check(pair, report) {
    if (!isRequest(pair) || !concernsCaller(pair)) return;
    if (pair.place !== 'property' && pair.place !== 'parameter') return;
    const before = textMember(pair.base.value, 'pattern') ?? '';
    const after = textMember(pair.revision.value, 'pattern') ?? '';
    if (before === after || after === '') return;
    if (before === '') {
      report({
        id: `${scopeOf(pair)}-pattern-added`,
        says: `takes only text that matches ${show(after)}`,
        at: ['pattern'],
      });
    } else if (after !== '.*') {
      report({
        id: `${scopeOf(pair)}-pattern-changed`,
        says: `takes text that matches ${show(after)} where it was ${show(before)}; values of before may no longer match`,
        at: ['pattern'],
      });
    }
  },
};
