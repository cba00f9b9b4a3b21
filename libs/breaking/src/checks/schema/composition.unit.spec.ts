import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('branches of compositions', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
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

  describe('of allOf', () => {
    const cat = { allOf: [{ $ref: '#/components/schemas/Cat' }] };
    const both = { allOf: [...cat.allOf, { $ref: '#/components/schemas/Dog' }] };
    const choice = (...names: string[]) => ({ oneOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })) });

    it('are compared as written where that is asked for', () => {
      const literal = { literalAllOf: true };
      expect(idsOfSchemas(cat, both, literal)).toEqual(['request-body-all-of-added', 'request-property-all-of-added']);
      expect(idsOfSchemas(both, cat, literal)).toEqual([
        'request-body-all-of-removed',
        'request-property-all-of-removed',
      ]);
    });

    it('count for what they ask', () => {
      expect(idsOfSchemas(cat, both)).toEqual([]);
      expect(idsOfSchemas(both, cat)).toEqual(['request-property-removed', 'response-optional-property-removed']);
      const asking = { allOf: [...both.allOf, { required: ['bark'] }] };
      expect(idsOfSchemas(both, asking)).toEqual([
        'request-header-property-became-required',
        'request-property-became-required',
      ]);
      expect(idsOfSchemas(asking, both)).toEqual(['response-property-became-optional']);
    });

    it('may be moved from one branch to another', () => {
      const inline = { type: 'object', properties: { meow: { type: 'string' }, bark: { type: 'string' } } };
      expect(idsOfSchemas(both, inline)).toEqual([]);
      expect(idsOfSchemas(inline, both)).toEqual([]);
    });

    it('stay branches where they are choices of their own', () => {
      const one = { allOf: [choice('Cat', 'Dog'), { type: 'object' }] };
      const two = { allOf: [...one.allOf, choice('Cat', 'Text')] };
      expect(idsOfSchemas(one, two)).toEqual(['request-body-all-of-added', 'request-property-all-of-added']);
      expect(idsOfSchemas(two, two)).toEqual([]);
    });
  });
});
