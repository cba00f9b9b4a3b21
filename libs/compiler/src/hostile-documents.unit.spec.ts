import { afterEach, describe, expect, it } from '@jest/globals';
import {
  asJson,
  deep,
  DOCUMENT,
  expectAccepted,
  expectNothingPolluted,
  expectRefused,
  head,
  laughs,
  many,
  ok,
} from './testing/hostile.ts';

afterEach(expectNothingPolluted);

const chained = (count: number, last: object) =>
  Object.fromEntries([
    ...many(count, (index) => [`s${index}`, { $ref: `#/components/schemas/s${index + 1}` }]),
    [`s${count}`, last],
  ]) as object;

describe('an OpenAPI document that means harm', () => {
  it.each<[string, string, string]>([
    [
      'is nested deeply in JSON',
      `{"openapi":"3.0.3","x-a":${deep('{"a":', '}').replace('}', '1}')}}`,
      'document-too-complex',
    ],
    ['is nested deeply in JSON lists', `{"openapi":"3.0.3","x-a":${deep('[', ']')}}`, 'document-too-complex'],
    ['is nested deeply in flow style', `${head}x-a: ${deep('[', ']')}`, 'document-too-complex'],
    [
      'is nested deeply in blocks',
      head + many(2_000, (index) => `${' '.repeat(index)}a:`).join('\n'),
      'document-too-complex',
    ],
    ['is nested deeply on one line', `${head}x-a:\n  ${'- '.repeat(100_000)}a`, 'document-too-complex'],
    ['laughs a billion times', `${head}${laughs}\n`, 'document-too-complex'],
    [
      'repeats one alias',
      `${head}x-a: &a [${'1,'.repeat(10_000)}1]\nx-b:\n${'  - *a\n'.repeat(9_000)}`,
      'document-too-complex',
    ],
    [
      'merges one mapping again and again',
      `${head}x-a: &a\n${many(20_000, (index) => `  k${index}: 1\n`).join('')}x-b:\n${'  - {<<: *a}\n'.repeat(20_000)}`,
      'document-too-complex',
    ],
    [
      'merges in a chain',
      head +
        many(
          3_000,
          (index) => `x-${index}: &a${index} {${index === 0 ? '' : `<<: *a${index - 1}, `}k${index}: 1}\n`,
        ).join(''),
      'document-too-complex',
    ],
    [
      'merges a list of thousands',
      `${head}x-a: &a {b: 1}\nx-b: {<<: [${'*a,'.repeat(5_000)}*a]}\n`,
      'document-too-complex',
    ],
    ['makes a set', `${head}x-a: !!set {a, b}\n`, 'yaml-unsupported'],
    ['makes bytes', `${head}x-a: !!binary aGk=\n`, 'yaml-unsupported'],
    [
      'makes a set under another name',
      `%TAG !e! tag:yaml.org,2002:\n---\n${head}x-a: !e!set {a, b}\n`,
      'yaml-unsupported',
    ],
    ['makes a set with escapes', `${head}x-a: !!s%65t {a, b}\n`, 'yaml-unsupported'],
    ['asks for code', `${head}x-a: !!js/function "function () {}"\n`, 'openapi-syntax'],
    ['has a key twice in YAML', `${head}info: {}\n`, 'duplicate-key'],
    ['has a key twice in JSON', asJson({}).replace('"paths":{}', '"paths":{},"paths":{}'), 'duplicate-key'],
    ['has a number that is too large', asJson({ 'x-a': 0 }).replace('"x-a":0', '"x-a":1e999'), 'yaml-unsupported'],
    ['has half a surrogate pair', asJson({}).replace('"a"', '"\\ud800"'), 'yaml-unsupported'],
    [
      'has a prototype',
      asJson({}).replace('"paths":{', '"paths":{"__proto__":{"get":{"polluted":1}}'),
      'document-too-complex',
    ],
    ['has a prototype in YAML', `${head}paths: { __proto__: { polluted: true } }\n`, 'document-too-complex'],
    [
      'has references in a long chain',
      asJson({ components: { schemas: chained(100_000, { type: 'string' }) } }),
      'openapi-ref',
    ],
    [
      'has references in a large circle',
      asJson({ components: { schemas: chained(50_000, { $ref: '#/components/schemas/s0' }) } }),
      'openapi-ref',
    ],
    [
      'has paths in a long chain',
      asJson({
        paths: Object.fromEntries(many(20_000, (index) => [`/p${index}`, { $ref: `#/paths/~1p${index + 1}` }])),
      }),
      'openapi-ref',
    ],
    [
      'has references through references',
      `${head}paths: {}\nx-a: { $ref: '#/x-b/c' }\nx-b: { $ref: '#/x-a' }\n`,
      'openapi-ref',
    ],
    [
      'refers to what all objects have',
      `${head}paths: {}\ncomponents: { schemas: { A: { $ref: '#/components/schemas/toString' } } }\n`,
      'openapi-structure',
    ],
    ['ends in a line of 10 MB', `${head}paths: {}\nx-a: "${'a'.repeat(10_000_000)}`, 'openapi-syntax'],
    ['is one line of 10 MB of the wrong type', `${head}paths: ${'a'.repeat(10_000_000)}`, 'openapi-structure'],
  ])('and %s is refused in bounded time', async (_, text, rule) => {
    await expectRefused({ [DOCUMENT]: text }, rule, DOCUMENT);
  });

  it('and has references in a circle over files is refused where one stands', async () => {
    const files = {
      [DOCUMENT]: `${head}paths:\n  /a: { $ref: './x.yaml#/a' }\n`,
      'apis/x.yaml': "a: { $ref: './y.yaml#/a' }\n",
      'apis/y.yaml': "a: { $ref: './x.yaml#/a' }\n",
    };
    await expectRefused(files, 'openapi-ref', DOCUMENT);
  });

  it('and has 100,000 schemas with one mistake is told where it is in bounded time', async () => {
    const schemas = Object.fromEntries(
      many(100_000, (index) => [`s${index}`, { type: index === 99_999 ? 7 : 'string' }]),
    );
    await expectRefused({ [DOCUMENT]: asJson({ components: { schemas } }) }, 'openapi-structure', DOCUMENT);
  });

  it('and has patterns that backtrack for ever is read: nobody runs them', async () => {
    const schema = {
      type: 'string',
      pattern: '^(a+)+$',
      example: `${'a'.repeat(50_000)}!`,
      default: 'a'.repeat(50_000),
    };
    const parameters = [{ name: 'id', in: 'path', required: true, schema, example: `${'a'.repeat(50_000)}!` }];
    await expectAccepted({
      [DOCUMENT]: asJson({ paths: { '/{id}': { get: { operationId: 'a', parameters, responses: ok } } } }),
    });
  });

  it('and refers to a widening tree of schemas is read in bounded time', async () => {
    const schemas = Object.fromEntries(
      many(40, (index) => {
        const next = { $ref: `#/components/schemas/s${index + 1}` };
        return [
          `s${index}`,
          index === 39 ? { type: 'string' } : { type: 'object', properties: { left: next, right: next } },
        ];
      }),
    );
    const paths = {
      '/a': {
        get: {
          operationId: 'a',
          responses: {
            200: {
              description: 'ok',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/s0' } } },
            },
          },
        },
      },
    };
    await expectAccepted({ [DOCUMENT]: asJson({ paths, components: { schemas } }) });
  });

  it('and is called as members of every object are is served under these names', async () => {
    const words = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
    const paths = Object.fromEntries(words.map((word) => [`/${word}`, { get: { operationId: word, responses: ok } }]));
    const schemas = { constructor: { type: 'object', properties: { constructor: { type: 'string' } } } };
    const { units } = await expectAccepted({ [DOCUMENT]: asJson({ paths, components: { schemas } }) });
    const operations = [...units.values()].flatMap((unit) => (unit.kind === 'api' ? unit.operations : []));
    expect(operations.map(({ id }) => id).sort()).toEqual([...words].sort());
  });
});
