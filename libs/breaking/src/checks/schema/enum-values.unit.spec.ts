import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('enum values', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'one less is taken',
      { enum: ['a', 'b'] },
      { enum: ['a'] },
      [
        'request-body-enum-value-removed',
        'request-parameter-enum-value-removed',
        'request-property-enum-value-removed',
      ],
    ],
    ['one more is read', { enum: ['a'] }, { enum: ['a', 'b'] }, ['response-property-enum-value-added']],
    [
      'only listed ones are taken',
      { type: 'string' },
      { type: 'string', enum: ['a'] },
      [
        'request-body-became-enum',
        'request-header-property-became-enum',
        'request-parameter-became-enum',
        'request-property-became-enum',
        'response-property-enum-value-added',
      ],
    ],
    ['the same in another order, objects too', { enum: ['a', { b: 1 }] }, { enum: [{ b: 1 }, 'a'] }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
