import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('lists of types', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'one more is read',
      { type: 'string' },
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      ['response-body-list-of-types-widened', 'response-property-list-of-types-widened'],
    ],
    [
      'one less is taken',
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'string' },
      [
        'request-body-list-of-types-narrowed',
        'request-parameter-list-of-types-narrowed',
        'request-parameter-property-list-of-types-narrowed',
        'request-property-list-of-types-narrowed',
      ],
    ],
    [
      'the same in another order',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { oneOf: [{ type: 'integer' }, { type: 'string' }] },
      [],
    ],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
