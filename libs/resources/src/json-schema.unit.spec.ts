import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { schemaFiles } from './json-schema.ts';

describe('shipped JSON Schemas', () => {
  it.each([...schemaFiles()])(
    '%s is what the code says (node libs/resources/dist/tools/write-schemas.js)',
    (name, content) => {
      const shipped = readFileSync(new URL(`../schemas/${name}`, import.meta.url), 'utf8');
      expect(JSON.parse(shipped)).toEqual(JSON.parse(content));
    },
  );
});
