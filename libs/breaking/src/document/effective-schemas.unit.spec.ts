import { describe, expect, it } from '@jest/globals';
import { Resolver } from './resolver.ts';

const schemas = {
  Named: { type: 'object', properties: { name: { type: 'string', maxLength: 9 } }, required: ['name'] },
  Aged: { properties: { age: { type: 'number' }, name: { minLength: 1 } }, required: ['age'] },
  Text: { type: 'string', maxLength: 5 },
  Round: { allOf: [{ $ref: '#/components/schemas/Round' }, { $ref: '#/components/schemas/Named' }] },
  Left: { properties: { next: { $ref: '#/components/schemas/Left' } } },
  Right: { properties: { next: { $ref: '#/components/schemas/Right' } } },
};
const ref = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });

function effective(schema: object, openapi = '3.0.3') {
  const resolver = new Resolver({ openapi, components: { schemas }, schema });
  const at = resolver.at(schema, '/schema');
  if (at === undefined) throw new Error('the schema is there');
  const found = resolver.effective(at);
  return { resolver, found, value: found.value };
}

describe('the schema that an allOf stands for', () => {
  it.each<[string, object, object]>([
    ['itself without one', { type: 'string' }, { type: 'string' }],
    ['its target when it adds only words', { allOf: [ref('Text'), { description: 'a' }], title: 'b' }, schemas.Text],
    [
      'the smaller of upper and the larger of lower bounds',
      {
        allOf: [
          { maximum: 9, minLength: 1, maxItems: 5 },
          { maximum: 7, minLength: 3 },
        ],
        maxItems: 8,
      },
      { maxItems: 5, minLength: 3, maximum: 7 },
    ],
    [
      'a limit that counts itself out, where it is the one that holds',
      { allOf: [{ maximum: 9, exclusiveMaximum: true }, { maximum: 7 }, { minimum: 1, exclusiveMinimum: true }] },
      { maximum: 7, minimum: 1, exclusiveMinimum: true },
    ],
    ['the types that all take', { allOf: [{ type: ['number', 'string'] }, { type: 'integer' }] }, { type: 'integer' }],
    [
      'null where all that name a type take it',
      { allOf: [{ type: 'string', nullable: true }, { maxLength: 3 }] },
      { maxLength: 3, type: 'string', nullable: true },
    ],
    [
      'no null where one does not',
      { allOf: [{ type: 'string', nullable: true }, { type: 'string' }] },
      { type: 'string' },
    ],
    ['the values that all list', { allOf: [{ enum: [1, 2, 3] }, { enum: [2, 3, 4] }] }, { enum: [2, 3] }],
    ['all that is required', { allOf: [{ required: ['a'] }], required: ['b', 'a'] }, { required: ['b', 'a'] }],
    ['each pattern', { allOf: [{ pattern: 'b' }, { pattern: 'a' }] }, { pattern: '(?=a)(?=b)' }],
    ['the nearest word on who sends it', { allOf: [{ readOnly: true }], readOnly: false }, { readOnly: false }],
    [
      'no further properties, if one branch takes none',
      {
        allOf: [{ additionalProperties: { type: 'string' } }, { additionalProperties: false }],
      },
      { additionalProperties: false },
    ],
    [
      'one choice in itself and a further one as a branch',
      { allOf: [{ oneOf: [ref('Text'), ref('Named')] }, { oneOf: [ref('Text'), ref('Aged')] }], title: 'T' },
      { oneOf: [ref('Text'), ref('Named')], allOf: [{ oneOf: [ref('Text'), ref('Aged')] }] },
    ],
    ['what leads back to itself, once', ref('Round'), schemas.Named],
    ['what is described, when a branch is in another file', { allOf: [{ $ref: 'a.json' }, ref('Text')] }, schemas.Text],
    [
      'names that every object has',
      JSON.parse('{"allOf":[{"properties":{"__proto__":{"type":"string"}}},{"maxLength":1}]}') as object,
      JSON.parse('{"maxLength":1,"properties":{"__proto__":{"type":"string"}}}') as object,
    ],
  ])('is %s', (_name, schema, merged) => {
    expect(effective(schema).value).toEqual(merged);
  });

  it('has the properties of all branches, and one schema for a property of several', () => {
    const { resolver, found } = effective({ allOf: [ref('Named'), ref('Aged')] });
    expect(found.value['required']).toEqual(['name', 'age']);
    expect(Object.keys(found.value['properties'] as object)).toEqual(['name', 'age']);
    expect(resolver.schema(found, 'properties', 'name')?.value).toEqual({ type: 'string', maxLength: 9, minLength: 1 });
  });

  it('tells where each member is written', () => {
    const { resolver, found } = effective({ allOf: [ref('Named'), ref('Aged')], maxProperties: 3 });
    expect(found.pointer).toBe('/schema');
    expect(resolver.pointerOf(found, 'maxProperties')).toBe('/schema/maxProperties');
    expect(resolver.schema(found, 'properties', 'age')?.pointer).toBe('/components/schemas/Aged/properties/age');
    const name = resolver.schema(found, 'properties', 'name');
    expect(name && resolver.pointerOf(name, 'minLength')).toBe('/components/schemas/Aged/properties/name/minLength');
  });

  it('is the same object each time, however deep a cycle is followed', () => {
    const { resolver, found } = effective({ allOf: [ref('Left'), ref('Right')] });
    const next = resolver.schema(found, 'properties', 'next');
    const afterNext = next && resolver.schema(next, 'properties', 'next');
    expect(next?.value).toBeDefined();
    expect(afterNext?.value).toBe(next?.value);
  });

  it('holds a schema to what stands beside its `$ref` from 3.1 on', () => {
    const schema = { ...ref('Text'), minLength: 2 };
    expect(effective(schema, '3.1.0').value).toEqual({ minLength: 2, maxLength: 5, type: 'string' });
    expect(effective(schema, '3.0.3').value).toEqual(schemas.Text);
  });

  it('is read though it is nested deeper than a stack, and left as it is when it is too wide', () => {
    let deep: Record<string, unknown> = { maxLength: 1 };
    for (let depth = 0; depth < 50_000; depth++) deep = { allOf: [deep] };
    expect(effective(deep).value).toEqual({ maxLength: 1 });
    const wide = { allOf: Array.from({ length: 1_000 }, (_, maximum) => ({ maximum })) };
    expect(effective(wide).value).toBe(wide);
  });
});
