import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { defaultTold, jsonSchemaOf, jsonSchemaOfAll, schemaFiles, type JsonSchema } from './json-schema.ts';
import { kinds } from './kinds.ts';

const validator = () =>
  new Ajv({
    strict: true,
    allowUnionTypes: true,
    keywords: ['patternErrorMessage'],
    formats: { date: true, email: true },
  });

describe('shipped JSON Schemas', () => {
  it.each([...schemaFiles()])('%s is what the code says (npm run generate)', (name, content) => {
    expect(readFileSync(new URL(`../schemas/${name}`, import.meta.url), 'utf8')).toBe(content);
  });

  it('are all there is in their folder', () => {
    expect(readdirSync(new URL('../schemas/', import.meta.url)).sort()).toEqual([...schemaFiles().keys()].sort());
  });

  it.each(kinds)('%s says of every field what it is', (kind) => {
    expect(undescribed(jsonSchemaOf(kind))).toEqual([]);
  });

  it.each(kinds)('%s is a JSON Schema, with defaults that it allows itself', (kind) => {
    const schema = jsonSchemaOf(kind);
    validator().compile(schema);
    const wrong = defaultsOf(schema).filter(
      ([, each]) => !validator().validate({ ...each, default: undefined }, each.default),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the schema of any resource', () => {
  const check = validator().compile(jsonSchemaOfAll());
  const head = (kind: string, spec: unknown) => ({ apiVersion: 'gitway.dev/v1', kind, metadata: { name: 'a' }, spec });

  it('picks by kind, and says what is wrong under that kind alone', () => {
    expect(check(head('Plan', {}))).toBe(true);
    expect(check(head('Plan', { rateLimt: 1 }))).toBe(false);
    expect(check.errors).toMatchObject([
      { instancePath: '/spec', keyword: 'additionalProperties', params: { additionalProperty: 'rateLimt' } },
    ]);
    expect(check(head('Consumer', { suspended: 'no' }))).toBe(false);
    expect(check.errors?.[0]).toMatchObject({ instancePath: '/spec/suspended', keyword: 'type' });
  });

  it('refuses an unknown kind, and a document without one', () => {
    expect(check(head('Plann', {}))).toBe(false);
    expect(check.errors).toMatchObject([{ instancePath: '/kind', keyword: 'enum' }]);
    expect(check({ apiVersion: 'gitway.dev/v1' })).toBe(false);
  });

  it('stands alone: it refers to nothing but itself', () => {
    const refs = [...JSON.stringify(jsonSchemaOfAll()).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref);
    expect(refs.length).toBeGreaterThanOrEqual(kinds.length);
    expect(refs.filter((ref) => !ref?.startsWith('#/definitions/'))).toEqual([]);
  });
});

describe('a default in a description', () => {
  it.each([
    ['Between two checks; 5s when not given.', '5s'],
    ['active when not given.', 'active'],
    ['Also accept it as `Authorization: Bearer`; false when not given.', 'false'],
    ['Exact host names; any host when not given.', undefined],
    ['What it is.', undefined],
    ['Methods that are kept; [GET, HEAD] when not given.', '[GET, HEAD]'],
    ['Errors always are. 1 when not given.', '1'],
  ])('%s', (description, told) => expect(defaultTold(description)).toBe(told));
});

/** Paths of fields that no description stands at, neither at the field nor at what it is. */
function undescribed(schema: JsonSchema, path = ''): string[] {
  const inside = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [...(described(field) ? [] : [at]), ...undescribed(field, at)];
    }),
    ...[schema.items ?? []].flat().flatMap((item) => undescribed(item, `${path}[]`)),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((each) =>
      undescribed(each, path),
    ),
    ...Object.entries(schema.definitions ?? {}).flatMap(([name, each]) => undescribed(each, `#${name}`)),
  ];
  const { additionalProperties: rest } = schema;
  return typeof rest === 'object' ? [...inside, ...undescribed(rest, `${path}.*`)] : inside;
}

/** The heads that all kinds share say it by their `const`. */
const described = ({ description, const: only, $ref, anyOf = [] }: JsonSchema): boolean =>
  description !== undefined || only !== undefined || $ref !== undefined || anyOf.some(described);

function defaultsOf(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]): [string, JsonSchema][] => {
    if (typeof value !== 'object' || value === null) return [];
    const inner = value as JsonSchema;
    // A field may be called `default`.
    return [
      ...(inner.default === undefined || key === 'properties' ? [] : [[key, inner] as [string, JsonSchema]]),
      ...defaultsOf(inner),
    ];
  });
}
