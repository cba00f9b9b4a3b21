import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from '../../breaking-changes.ts';
import { asRequest, idsOfSchemas } from '../../testing/documents.ts';

const oneOf = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }];
const by = (propertyName: string, mapping?: object) => ({ oneOf, discriminator: { propertyName, mapping } });
const both = (word: string, direction: string) =>
  ['body', 'property'].map((place) => `${direction}-${place}-discriminator-${word}`);
const cat = { tabby: '#/components/schemas/Cat' };

describe('the discriminator', () => {
  it.each<[string, object, object, string[]]>([
    [
      'is another property',
      by('kind'),
      by('type'),
      [...both('property-name-changed', 'request'), ...both('property-name-changed', 'response')],
    ],
    ['is new', { oneOf }, by('kind'), both('added', 'request')],
    ['is gone', by('kind'), { oneOf }, both('removed', 'response')],
    ['no longer knows a kind', by('kind', cat), by('kind'), both('mapping-deleted', 'request')],
    ['knows one kind more', by('kind'), by('kind', cat), both('mapping-added', 'response')],
    [
      'means another schema by a kind',
      by('kind', cat),
      by('kind', { tabby: '#/components/schemas/Dog' }),
      [...both('mapping-changed', 'request'), ...both('mapping-changed', 'response')],
    ],
    ['names a schema in another way', by('kind', cat), by('kind', { tabby: 'Cat' }), []],
    ['says what is so without it', by('kind', { Cat: 'Cat' }), by('kind'), []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas({ ...base }, { ...revision })).toEqual(ids);
  });

  it('points to the entry, and keeps two entries apart', () => {
    const mapping = { tabby: 'Cat', 'black/white': 'Cat' };
    const changes = breakingChanges(asRequest(by('kind', mapping)), asRequest(by('kind', {})));
    expect(changes.map(({ document, pointer }) => [document, pointer.split('/schema/')[1]])).toEqual([
      ['base', 'discriminator/mapping/black~1white'],
      ['base', 'discriminator/mapping/tabby'],
    ]);
  });
});
