import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

const ids = (word: string) => [
  `request-body-additional-properties-${word}`,
  `request-property-additional-properties-${word}`,
];

describe('properties that are not named', () => {
  it.each<[string, object, object, string[]]>([
    ['are no longer taken', {}, { additionalProperties: false }, ids('refused')],
    ['were taken in so many words', { additionalProperties: true }, { additionalProperties: false }, ids('refused')],
    [
      'were taken as they are described',
      { additionalProperties: { type: 'string' } },
      { additionalProperties: false },
      ids('refused'),
    ],
    ['are held to a schema', {}, { additionalProperties: { type: 'string' } }, ids('restricted')],
    ['are taken now', { additionalProperties: false }, { additionalProperties: true }, []],
    ['are taken in other words', {}, { additionalProperties: {} }, []],
  ])('%s', (_name, base, revision, found) => {
    expect(idsOfSchemas({ type: 'object', ...base }, { type: 'object', ...revision })).toEqual(found);
  });
});
