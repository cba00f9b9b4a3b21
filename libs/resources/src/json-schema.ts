import { z } from 'zod';
import { kinds, kindSchemas, type Kind } from './kinds.ts';

/** JSON Schema (draft 2020-12) of one kind, for editors; made from the schema that the compiler itself uses. */
export function jsonSchemaOf(kind: Kind): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(kindSchemas[kind], { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: `https://gitway.dev/schemas/v1/${kind.toLowerCase()}.json`, title: kind, ...schema };
}

/** File name → content of every shipped schema, and of `gitway.json`, which takes any kind. */
export function schemaFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const kind of kinds) files.set(`${kind.toLowerCase()}.json`, pretty(jsonSchemaOf(kind)));
  const any = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://gitway.dev/schemas/v1/gitway.json',
    title: 'Gitway resource',
    oneOf: kinds.map((kind) => ({ $ref: `${kind.toLowerCase()}.json` })),
  };
  files.set('gitway.json', pretty(any));
  return files;
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
