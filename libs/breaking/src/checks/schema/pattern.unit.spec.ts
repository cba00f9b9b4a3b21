import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('patterns', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'a new one',
      { type: 'string' },
      { type: 'string', pattern: '^a' },
      ['request-parameter-pattern-added', 'request-property-pattern-added'],
    ],
    [
      'another',
      { type: 'string', pattern: '^a' },
      { type: 'string', pattern: '^b' },
      ['request-parameter-pattern-changed', 'request-property-pattern-changed'],
    ],
    ['one that anything matches', { type: 'string', pattern: '^a' }, { type: 'string', pattern: '.*' }, []],
    ['one less', { type: 'string', pattern: '^a' }, { type: 'string' }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
