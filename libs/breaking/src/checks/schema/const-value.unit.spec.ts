import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('constants', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'another',
      { const: 1 },
      { const: 2 },
      [
        'request-body-const-changed',
        'request-property-const-changed',
        'response-body-const-changed',
        'response-property-const-changed',
      ],
    ],
    ['a new one', {}, { const: 2 }, ['request-body-const-added', 'request-property-const-added']],
    ['one less', { const: 2 }, {}, ['response-body-const-removed', 'response-property-const-removed']],
    ['the same', { const: { a: [1] } }, { const: { a: [1] } }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
