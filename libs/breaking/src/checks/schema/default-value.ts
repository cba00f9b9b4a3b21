import { member, sameJson, show } from '../../document/json.ts';
import type { SchemaCheck } from '../../compare/schema-check.ts';

export const defaultValue: SchemaCheck = {
  ids: [
    'request-parameter-default-value-added',
    'request-parameter-default-value-changed',
    'request-parameter-default-value-removed',
  ],
  check(pair, report) {
    if (pair.place !== 'parameter') return;
    const before = member(pair.base.value, 'default');
    const after = member(pair.revision.value, 'default');
    if (sameJson(before, after)) return;
    if (before === undefined) {
      report({
        id: 'request-parameter-default-value-added',
        says: `counts as ${show(after)} when it is left out`,
        at: ['default'],
      });
    } else if (after === undefined) {
      report({
        id: 'request-parameter-default-value-removed',
        says: `no longer counts as ${show(before)} when it is left out`,
        gone: true,
        at: ['default'],
      });
    } else {
      report({
        id: 'request-parameter-default-value-changed',
        says: `counts as ${show(after)} when it is left out, where it counted as ${show(before)}`,
        at: ['default'],
      });
    }
  },
};
