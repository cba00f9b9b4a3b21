import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('branches of compositions', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'allOf: one more',
      { allOf: [{ $ref: '#/components/schemas/Cat' }] },
      { allOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] },
      ['request-body-all-of-added', 'request-property-all-of-added'],
    ],
    [
      'oneOf: one less',
      { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] },
      { oneOf: [{ $ref: '#/components/schemas/Cat' }] },
      ['request-body-one-of-removed', 'request-property-one-of-removed'],
    ],
    [
      'oneOf: one more',
      { oneOf: [{ $ref: '#/components/schemas/Cat' }] },
      { oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }] },
      ['response-body-one-of-added', 'response-property-one-of-added'],
    ],
    [
      'anyOf: one less',
      { anyOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] },
      { anyOf: [{ $ref: '#/components/schemas/Dog' }] },
      ['request-body-any-of-removed', 'request-property-any-of-removed'],
    ],
    [
      'the same in another order',
      { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] },
      { oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }] },
      [],
    ],
    [
      'a change within a branch is told where it is',
      { oneOf: [{ title: 'A', properties: { a: { enum: [1, 2] } } }] },
      { oneOf: [{ title: 'A', properties: { a: { enum: [1] } } }] },
      ['request-property-enum-value-removed'],
    ],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
