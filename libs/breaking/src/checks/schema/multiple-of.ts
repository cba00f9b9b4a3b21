import { numberMember, show } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const multipleOf: SchemaCheck = {
  ids: [
    ...['request-body', 'request-property', 'request-parameter'].map((scope) => `${scope}-multiple-of-narrowed`),
    'response-body-multiple-of-widened',
    'response-property-multiple-of-widened',
  ],
  check(pair, report) {
    if (pair.place === 'header' || pair.place === 'parameter-property' || !concernsCaller(pair)) return;
    const before = numberMember(pair.base.value, 'multipleOf');
    const after = numberMember(pair.revision.value, 'multipleOf');
    if (before === after) return;
    if (isRequest(pair) && after !== undefined && !covers(after, before)) {
      report({
        id: `${scopeOf(pair)}-multiple-of-narrowed`,
        says: `takes only multiples of ${show(after)} where it took ${before === undefined ? 'any' : `those of ${show(before)}`}`,
        at: ['multipleOf'],
      });
    }
    if (!isRequest(pair) && before !== undefined && !covers(before, after)) {
      report({
        id: `${scopeOf(pair)}-multiple-of-widened`,
        says: `is no longer always a multiple of ${show(before)}`,
        at: ['multipleOf'],
        gone: true,
      });
    }
  },
};

/** Whether each multiple of `narrow` is one of `wide`, within what a binary fraction can tell. */
function covers(wide: number, narrow: number | undefined): boolean {
  if (narrow === undefined || !(wide > 0)) return !(wide > 0);
  const times = narrow / wide;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, times);
}
