import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('open lists of values', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'one less is known',
      { 'x-extensible-enum': ['a', 'b'] },
      { 'x-extensible-enum': ['a'] },
      ['request-parameter-x-extensible-enum-value-removed', 'request-property-x-extensible-enum-value-removed'],
    ],
    ['one more is known', { 'x-extensible-enum': ['a'] }, { 'x-extensible-enum': ['a', 'b'] }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
