import { expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

const list = (more: object) => ({ type: 'array', items: { type: 'string' }, ...more });

it('a value twice is no longer taken', () => {
  expect(idsOfSchemas(list({}), list({ uniqueItems: true }))).toEqual([
    'request-body-unique-items-added',
    'request-parameter-unique-items-added',
    'request-property-unique-items-added',
  ]);
});

it('a value may be there twice', () => {
  expect(idsOfSchemas(list({ uniqueItems: true }), list({ uniqueItems: false }))).toEqual([
    'response-body-unique-items-removed',
    'response-property-unique-items-removed',
  ]);
});

it('says nothing where nothing changes', () => {
  expect(idsOfSchemas(list({}), list({ uniqueItems: false }))).toEqual([]);
});
