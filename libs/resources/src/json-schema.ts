import { z } from 'zod';
import { kinds, kindSchemas, type Kind } from './kinds.ts';
import { API_VERSION } from './schema/common.ts';

/** JSON Schema as it is written here: the part of draft-07 that editors know. */
export interface JsonSchema {
  $id?: string;
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema | JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  if?: JsonSchema;
  then?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  /** What VS Code and yaml-language-server say where the pattern does not match. */
  patternErrorMessage?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  definitions?: Record<string, JsonSchema>;
}

const base = 'https://gitway.dev/schemas/v1/';
const draft = 'http://json-schema.org/draft-07/schema#';

/**
 * JSON Schema of one kind, for editors; made from the schema that the compiler itself uses. Draft-07: the newest that
 * the language servers of all common editors know in full.
 */
export function jsonSchemaOf(kind: Kind): JsonSchema {
  const made = z.toJSONSchema(kindSchemas[kind], {
    target: 'draft-07',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => refine(zodSchema, jsonSchema as JsonSchema),
  }) as JsonSchema;
  const { $schema: _, ...schema } = made;
  return { $schema: draft, $id: `${base}${kind.toLowerCase()}.json`, title: kind, ...schema };
}

/** JSON Schema of any resource: which kind's counts is told by `kind`. It refers to no other file. */
export function jsonSchemaOfAll(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  for (const kind of kinds) {
    const { $schema: _, $id: __, definitions: inner = {}, ...schema } = jsonSchemaOf(kind);
    definitions[kind] = renamed(schema, kind);
    for (const [name, each] of Object.entries(inner)) definitions[`${kind}.${name}`] = renamed(each, kind);
  }
  return {
    $schema: draft,
    $id: `${base}gitway.json`,
    title: 'Gitway resource',
    description: 'A document of Gitway: `kind` says what it declares.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { const: API_VERSION, description: 'Version of the language.' },
      kind: {
        enum: [...kinds],
        description: kinds.map((kind) => `${kind}: ${kindSchemas[kind].description}`).join('\n'),
      },
    },
    allOf: kinds.map((kind) => ({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
      then: { $ref: `#/definitions/${kind}` },
    })),
    definitions,
  };
}

/** File name → content of every shipped schema, and of `gitway.json`, which takes any kind. */
export function schemaFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const kind of kinds) files.set(`${kind.toLowerCase()}.json`, pretty(jsonSchemaOf(kind)));
  files.set('gitway.json', pretty(jsonSchemaOfAll()));
  return files;
}

/** `5s` of `Between two checks; 5s when not given.` */
export function defaultTold(description: string | undefined): string | undefined {
  const told = /(?:^|[;.,:] )(?:the )?`?(\[[^\]]*\]|[^;.,: [\]()]+(?:\.\d+)?)`? when (?:it is )?not given\b/i;
  return told.exec(description ?? '')?.[1];
}

function refine(zodSchema: z.core.$ZodType, schema: JsonSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.pattern !== undefined) {
    const message = patternMessage(zodSchema);
    if (message !== undefined) schema.patternErrorMessage = message;
  }
  const told = defaultTold(schema.description);
  const value = told === undefined ? undefined : literalOf(told, schema);
  if (value !== undefined) schema.default = value;
}

/** What the code itself says where a string does not have its form. */
function patternMessage(schema: z.core.$ZodType): string | undefined {
  for (const check of schema._zod.def.checks ?? []) {
    const { format, error } = check._zod.def as { format?: string; error?: (issue: never) => unknown };
    const message = format === 'regex' ? error?.({} as never) : undefined;
    if (typeof message === 'string') return message;
  }
  return undefined;
}

function literalOf(text: string, schema: JsonSchema): unknown {
  if (schema.enum !== undefined) return schema.enum.find((each) => String(each) === text);
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (schema.type === 'integer' || schema.type === 'number')
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (schema.type === 'string' && schema.pattern !== undefined)
    return new RegExp(schema.pattern, 'u').test(text) ? text : undefined;
  return undefined;
}

/** The same with references to its own definitions under the name of its kind. */
function renamed(schema: JsonSchema, kind: Kind): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    return value === '#' ? `#/definitions/${kind}` : value.replace('#/definitions/', `#/definitions/${kind}.`);
  }) as JsonSchema;
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
