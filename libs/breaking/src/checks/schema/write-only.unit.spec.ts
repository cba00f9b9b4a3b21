import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('write-only properties', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'are answered now',
      { required: ['a'], properties: { a: { writeOnly: true } } },
      { required: ['a'], properties: { a: {} } },
      ['response-required-property-became-not-write-only'],
    ],
    ['that may be left out', { properties: { a: { writeOnly: true } } }, { properties: { a: {} } }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
