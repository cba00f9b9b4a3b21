import { describe, expect, it } from '@jest/globals';
import { convertSwagger } from './convert-swagger.ts';
import { convert, lint } from '../../testing/convert-swagger.ts';

const document = (paths: string, more = '') =>
  `swagger: '2.0'\ninfo: { title: X, version: '1' }\n${more}paths:\n${paths}`;
const ok = `responses: { '200': { description: ok } }`;

describe('what is wrong with a Swagger 2.0 document', () => {
  it('is found at its line in the original', async () => {
    const text = document(
      `  /a:\n    post:\n      operationId: a\n      parameters:\n        - name: x\n          in: body\n          schema: { $ref: '#/definitions/Nope' }\n      ${ok}\n`,
      'definitions:\n  A:\n    type: object\n    properties:\n      b: { type: strin }\n',
    );
    expect(await lint({ 'x.yaml': text })).toMatchObject([
      { rule: 'openapi-unresolved-ref', where: { file: 'x.yaml', range: { line: 15 } } },
      { rule: 'openapi-structure', where: { file: 'x.yaml', range: { line: 7 } } },
    ]);
  });

  it('is told where it cannot be said in OpenAPI 3', () => {
    const list = 'type: array, items: { type: string }';
    const { notes } = convert({
      'x.yaml': document(
        `  /a:\n    post: { parameters: [{ name: t, in: query, ${list}, collectionFormat: tsv }, { name: b, in: body, schema: {} }, { name: c, in: body, schema: {} }, { name: f, in: formData, type: string }], ${ok} }\n`,
        'components: {}\n',
      ),
    });
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining('`components` means nothing in Swagger 2.0'),
      expect.stringContaining('one body'),
      expect.stringContaining('collectionFormat'),
      expect.stringContaining('no form fields'),
    ]);
  });

  it('never makes the conversion fail, whatever stands where something else should', () => {
    const odd = [
      'null',
      '5',
      'text',
      '[]',
      '[null, [1], {}]',
      '{ x: null, y: [1], z: 7 }',
      '{ $ref: 5 }',
      "{ $ref: '#' }",
    ];
    for (const value of odd) {
      const keys = 'info host basePath schemes consumes produces parameters responses securityDefinitions definitions';
      const root = keys
        .split(' ')
        .map((key) => `${key}: ${value}\n`)
        .join('');
      convert({ 'x.yaml': `swagger: '2.0'\npaths: ${value}\n${root}` });
      for (const key of ['parameters', 'responses', 'consumes', 'produces', 'schemes', 'security'])
        convert({ 'x.yaml': document(`  /a: { get: { ${key}: ${value} }, post: ${value}, parameters: ${value} }\n`) });
      for (const key of ['schema', 'headers', 'examples'])
        convert({ 'x.yaml': document(`  /a: { get: { responses: { '200': { ${key}: ${value} } } } }\n`) });
      for (const key of ['name', 'in', 'items', 'type', 'schema', 'collectionFormat', 'required'])
        for (const place of ['body', 'formData', 'query']) {
          const members = Object.entries({ name: 'a', in: place, type: 'array', [key]: value });
          const parameter = members.map(([name, member]) => `${name}: ${member}`).join(', ');
          convert({ 'x.yaml': document(`  /a: { get: { parameters: [{ ${parameter} }] } }\n`) });
        }
      for (const key of ['properties', 'items', 'allOf', 'additionalProperties', 'discriminator', 'x-nullable', 'type'])
        convert({ 'x.yaml': document('  {}\n', `definitions: { A: { ${key}: ${value} } }\n`) });
    }
  });
});

describe('a Swagger 2.0 document that means harm', () => {
  it('has names of prototypes as names like any other', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const { value } = convert({
      'x.yaml': document(
        `  /a: { get: { parameters: [${names.map((name) => `{ name: ${name}, in: formData, type: string }, { $ref: '#/parameters/${name}' }`).join(', ')}], ${ok} } }\n`,
        `definitions: { ${names.map((name) => `${name}: { type: object, properties: { ${name}: { $ref: '#/definitions/${name}' } } }`).join(', ')} }\nsecurityDefinitions: { constructor: { type: oauth2, flow: constructor, scopes: {} } }\n`,
      ),
    });
    const schemas = (value['components'] as Record<string, Record<string, unknown>>)['schemas']!;
    expect(Object.keys(schemas)).toEqual(names);
    expect(Object.getPrototypeOf(schemas)).toBe(Object.prototype);
    // Read by JSON, `__proto__` would be a key; the reader of documents refuses it before it comes here.
    const root = {
      path: 'x.json',
      text: '',
      value: JSON.parse('{"swagger":"2.0","definitions":{"__proto__":{"polluted":true}}}') as unknown,
    };
    convertSwagger(root, new Map([[root.path, root]]));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is converted in time that its size bounds, however often one thing is referred to', () => {
    const count = 20_000;
    const fields = Array.from({ length: 500 }, (_, at) => `{ name: f${at}, in: formData, type: string }`);
    const files = {
      'x.yaml': document(
        Array.from({ length: count }, (_, at) => `  /a${at}: { $ref: 'item.yaml' }\n`).join(''),
        `consumes: [${Array.from({ length: 5_000 }, (_, at) => `a/b${at}`).join(', ')}]\n`,
      ),
      'item.yaml': `parameters: [${fields.join(', ')}]\nget: { ${ok} }\nput: { ${ok} }\n`,
    };
    const started = performance.now();
    const { value } = convert(files);
    expect(Object.keys(value['paths'] as object)).toHaveLength(count);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('may refer in circles, and to itself as a whole', () => {
    const { value } = convert({
      'x.yaml': document(
        `  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n  /c: { get: { parameters: [{ $ref: '#/parameters/p' }], responses: { '200': { $ref: '#/responses/r' } } } }\n  /d: { get: { responses: { '200': { description: d, schema: { $ref: '#' } } } } }\n`,
        "parameters: { p: { $ref: '#/parameters/q' }, q: { $ref: '#/parameters/p' } }\nresponses: { r: { $ref: '#/responses/r' } }\ndefinitions: { A: { $ref: '#/definitions/B' }, B: { $ref: '#/definitions/A' } }\n",
      ),
    });
    expect(value['openapi']).toBe('3.0.3');
    let schema = '{ type: string }';
    for (let depth = 0; depth < 240; depth++) schema = `{ type: array, items: ${schema} }`;
    convert({ 'x.yaml': document('  {}\n', `definitions: { A: ${schema} }\n`) });
  });
});
