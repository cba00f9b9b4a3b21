import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('null', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'may be read, as 3.0 says it',
      { type: 'string' },
      { type: 'string', nullable: true },
      ['response-body-became-nullable', 'response-property-became-nullable'],
    ],
    [
      'may be read, as 3.1 says it',
      { type: 'string' },
      { type: ['string', 'null'] },
      ['response-body-became-nullable', 'response-property-became-nullable'],
    ],
    [
      'is no longer taken',
      { type: 'string', nullable: true },
      { type: 'string' },
      ['request-body-became-not-nullable', 'request-property-became-not-nullable'],
    ],
    ['in other words', { type: 'string', nullable: true }, { type: ['string', 'null'] }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
