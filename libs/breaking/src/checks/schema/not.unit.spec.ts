import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('not', () => {
  it.each<[string, object, object, string[]]>([
    ['is new', {}, { not: { enum: ['a'] } }, ['request-body-not-added', 'request-property-not-added']],
    ['is gone', { not: { enum: ['a'] } }, {}, ['response-body-not-removed', 'response-property-not-removed']],
    [
      'is another',
      { not: { enum: ['a'] } },
      { not: { enum: ['a', 'b'] } },
      ['request-body-not-changed', 'request-property-not-changed'],
    ],
    ['is the same', { not: { enum: ['a'] } }, { not: { enum: ['a'] } }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas({ type: 'string', ...base }, { type: 'string', ...revision })).toEqual(ids);
  });
});
