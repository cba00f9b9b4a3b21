import { expect, it } from '@jest/globals';
import { asParameter, idsOf } from '../../testing/documents.ts';

it.each<[string, object, object, boolean, string[]]>([
  ['a new default', {}, { default: 1 }, false, ['request-parameter-default-value-added']],
  ['another default', { default: 2 }, { default: 1 }, false, ['request-parameter-default-value-changed']],
  ['one default less', { default: 2 }, {}, false, ['request-parameter-default-value-removed']],
  ['the same default', { default: [2] }, { default: [2] }, false, []],
  ['of a parameter that must be given', { default: 2 }, { default: 1 }, true, []],
])('%s', (_name, base, revision, required, ids) => {
  expect(idsOf(asParameter({ ...base }, { required }), asParameter({ ...revision }, { required }))).toEqual(ids);
});
