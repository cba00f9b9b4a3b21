import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import { asRequest, asResponse, document, idsOf, onlyChange, operation } from './testing/documents.ts';

describe('breakingChanges', () => {
  it('says what changes, where, and for whom', () => {
    const body = (type: string) =>
      asRequest({
        type: 'object',
        properties: { owner: { type: 'array', items: { properties: { 'a/b': { type } } } } },
      });
    expect(onlyChange(body('integer'), body('boolean'))).toEqual({
      key: 'request-property-type-changed POST /pets/{id} revision#/paths/~1pets~1{id}/post/requestBody/content/application~1json/schema/properties/owner/items/properties/a~1b/type',
      id: 'request-property-type-changed',
      level: 'error',
      operation: { method: 'POST', path: '/pets/{id}' },
      document: 'revision',
      pointer:
        '/paths/~1pets~1{id}/post/requestBody/content/application~1json/schema/properties/owner/items/properties/a~1b/type',
      message: 'The property `owner/items/a/b` of the request takes `boolean` where it took `integer`',
      hint: expect.any(String) as unknown,
    });
  });

  it('gives each change a key of its own that outlives its message', () => {
    const values = (...list: string[]) => asRequest({ properties: { p: { type: 'string', enum: list } } });
    const keys = breakingChanges(values('a', 'b', 'c'), values('c')).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(breakingChanges(values('b', 'c'), values('c')).map(({ key }) => key)).toEqual([keys[1]]);
  });

  it('points to where a reference leads', () => {
    const schemas = (type: string) => ({ components: { schemas: { Pet: { properties: { age: { type } } } } } });
    const body = (type: string) => ({ ...asResponse({ $ref: '#/components/schemas/Pet' }), ...schemas(type) });
    expect(onlyChange(body('integer'), body('string')).pointer).toBe('/components/schemas/Pet/properties/age/type');
  });

  it('reports once what two operations share, for each of them', () => {
    const two = (type: string) => {
      const get = {
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } } },
      };
      return { paths: { '/a': { get }, '/b': { get } }, components: { schemas: { Pet: { type } } } };
    };
    expect(breakingChanges(two('integer'), two('string')).map(({ operation: key }) => key?.path)).toEqual(['/a', '/b']);
  });

  it('gives the same list whatever the order of members', () => {
    const base = document({ get: {}, post: {}, put: {} });
    const shuffled = document({ put: {}, get: {}, post: {} });
    expect(breakingChanges(shuffled, document({}))).toEqual(breakingChanges(base, document({})));
    expect(breakingChanges(base, document({}))).toHaveLength(3);
  });

  it('tells a change below a cycle', () => {
    const tree = (type: string) => ({
      ...asResponse({ $ref: '#/components/schemas/Node' }),
      components: {
        schemas: {
          Node: {
            properties: { next: { $ref: '#/components/schemas/Node' }, all: { $ref: '#/components/schemas/List' } },
          },
          List: { items: { $ref: '#/components/schemas/Node' }, properties: { size: { type } } },
        },
      },
    });
    expect(onlyChange(tree('integer'), tree('string')).message).toContain('`all/size`');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['nothing in it', {}],
    ['a reference to itself', { paths: { '/a': { $ref: '#/paths/~1a' } } }],
    ['references in a circle', asResponse({ $ref: '#/components/schemas/A' })],
    ['a reference to nowhere', asResponse({ $ref: '#/components/schemas/Nowhere' })],
    ['a reference to a file', asResponse({ $ref: '/etc/passwd' })],
    [
      'wrong types everywhere',
      { paths: { '/a': { get: { parameters: 'x', responses: [], requestBody: 5, security: {} } } } },
    ],
    ['a schema that is a boolean', asResponse(true)],
  ])('reads %s without a fault', (_name, odd) => {
    const good = operation({});
    expect(() => breakingChanges(odd, good)).not.toThrow();
    expect(() => breakingChanges(good, odd)).not.toThrow();
    expect(breakingChanges(odd, odd)).toEqual([]);
  });

  it('takes names that every object has for what they are', () => {
    const evil = JSON.parse(
      '{"properties":{"__proto__":{"type":"integer"},"constructor":{"type":"integer"}}}',
    ) as object;
    const changed = JSON.parse('{"properties":{"__proto__":{"type":"boolean"}}}') as object;
    expect(idsOf(asRequest({ ...evil }), asRequest({ ...evil }))).toEqual([]);
    const parsed = (text: string) =>
      JSON.parse(JSON.stringify(asRequest({ x: 0 })).replace('{"x":0}', text)) as unknown;
    expect(idsOf(parsed(JSON.stringify(evil)), parsed(JSON.stringify(changed)))).toEqual([
      'request-property-removed',
      'request-property-type-changed',
    ]);
    expect(({} as Record<string, unknown>)['type']).toBeUndefined();
  });

  it('says when it met a limit', () => {
    const properties = (type: string) =>
      asResponse({ properties: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, { type }])) });
    for (const options of [{ maxSchemaPairs: 10 }, { maxChanges: 10 }]) {
      const changes = breakingChanges(properties('integer'), properties('string'), options);
      expect(changes.length).toBeLessThanOrEqual(11);
      expect(changes.at(-1)?.id).toBe('comparison-incomplete');
    }
    expect(idsOf(properties('integer'), properties('string'))).toEqual(['response-property-type-changed']);
  });

  it('is bounded where schemas refer to each other every way', () => {
    const names = Array.from({ length: 60 }, (_, i) => `S${i}`);
    const schemas = (type: string) =>
      Object.fromEntries(
        names.map((name) => [
          name,
          {
            properties: {
              ...Object.fromEntries(names.map((other) => [other, { $ref: `#/components/schemas/${other}` }])),
              x: { type },
            },
          },
        ]),
      );
    const whole = (type: string) => ({
      ...asResponse({ $ref: '#/components/schemas/S0' }),
      components: { schemas: schemas(type) },
    });
    expect(breakingChanges(whole('integer'), whole('string'))).toHaveLength(60);
  });

  it('reads a schema that is nested deeper than a stack', () => {
    const deep = (type: string) => {
      let schema: Record<string, unknown> = { type };
      for (let depth = 0; depth < 50_000; depth++) schema = { items: schema };
      return asResponse(schema);
    };
    expect(idsOf(deep('integer'), deep('integer'))).toEqual([]);
    expect(idsOf(deep('integer'), deep('string'))).toEqual(['response-property-type-changed']);
  });
});
