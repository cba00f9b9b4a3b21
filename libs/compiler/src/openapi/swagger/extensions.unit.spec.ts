import { describe, expect, it } from '@jest/globals';
import { convert, lint } from '../../testing/convert-swagger.ts';

const document = (more: string) =>
  `swagger: '2.0'\ninfo: { title: Dogs, version: '1' }\n${more}paths:\n  /dogs:\n    get: { operationId: listDogs, responses: { '200': { description: ok, schema: { $ref: './shared.yaml#/Dog' } } } }\ndefinitions:\n  Own: { type: object }\n`;
const dog = (more: string) => ({ 'swagger.yaml': document(''), 'shared.yaml': `Dog:\n  type: object\n${more}` });
const componentsOf = (files: Readonly<Record<string, string>>) =>
  convert(files).value['components'] as Record<string, Record<string, unknown>>;
const warnings = async (files: Readonly<Record<string, string>>) =>
  (await lint(files)).map(({ rule }) => rule).filter((rule) => rule === 'openapi-unresolved-ref');

describe('`$ref`s in extensions', () => {
  it('lead where they led, in the document and in other files', async () => {
    const files = {
      'swagger.yaml': document("x-own: { $ref: '#/definitions/Own' }\nx-far: [{ $ref: './shared.yaml#/cats/Cat' }]\n"),
      'shared.yaml': `Dog:
  type: object
  x-link: { to: { $ref: '#/cats/Cat' }, back: { $ref: './swagger.yaml#/definitions/Own' } }
cats:
  Cat: { friends: [{ $ref: '#/cats/Cat' }], plain: 1 }
`,
    };
    const { value, origin } = convert(files);
    const cat = { $ref: '#/components/x-referenced/Cat' };
    expect(value).toMatchObject({
      'x-own': { $ref: '#/components/schemas/Own' },
      'x-far': [cat],
      components: {
        schemas: { Dog: { 'x-link': { to: cat, back: { $ref: '#/components/schemas/Own' } } } },
        'x-referenced': { Cat: { friends: [cat], plain: 1 } },
      },
    });
    expect(origin(['components', 'x-referenced', 'Cat', 'plain'])).toEqual({
      file: 'shared.yaml',
      pointer: ['cats', 'Cat', 'plain'],
    });
    expect(await warnings(files)).toEqual([]);
  });

  it('that lead to nothing go on leading to nothing, also where the document has something of that name', async () => {
    const files = dog("  x-link: { $ref: '#/definitions/Own' }\n");
    expect(await warnings(files)).toEqual(['openapi-unresolved-ref']);
  });
});

describe('`x-nullable` without a type', () => {
  const state = (members: string) => dog(`  properties: { state: { ${members}, x-nullable: true } }\n`);
  const stateOf = (members: string) =>
    (componentsOf(state(members))['schemas']!['Dog'] as { properties: { state: unknown } }).properties.state;

  it('is one value more beside an `enum`', () => {
    expect(stateOf('enum: [a, b]')).toEqual({ enum: ['a', 'b', null] });
    expect(stateOf('enum: [a, null]')).toEqual({ enum: ['a', null] });
    expect(stateOf('type: string, enum: [a]')).toEqual({ type: 'string', enum: ['a'], nullable: true });
  });

  it('says nothing beside what takes null already', () => {
    expect(stateOf('properties: {}')).toEqual({ properties: {} });
    expect(convert(state('properties: {}')).notes).toEqual([]);
  });

  it.each(['allOf', 'anyOf', 'oneOf'])('is told where `%s` stands against it', (keyword) => {
    expect(convert(state(`${keyword}: [{ type: object }]`)).notes).toMatchObject([
      { file: 'shared.yaml', pointer: ['Dog', 'properties', 'state', 'x-nullable'] },
    ]);
  });
});
