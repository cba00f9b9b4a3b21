import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { apiUnitSchema, consumerSchema, planUnitSchema } from '@gitway/contracts';
import { z } from 'zod';
import { capabilityPage } from './capability-table.ts';
import { drivers } from './registry.ts';

/** Paths of the leaves of a JSON Schema, array items under their array's name. */
function leaves(schema: z.core.JSONSchema.BaseSchema, path: string): string[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as z.core.JSONSchema.BaseSchema[];
  const inside = [
    ...alternatives.flatMap((alternative) => leaves(alternative, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      leaves(member as z.core.JSONSchema.BaseSchema, path === '' ? name : `${path}.${name}`),
    ),
    ...(schema.items !== undefined ? leaves(schema.items as z.core.JSONSchema.BaseSchema, path) : []),
  ].filter((leaf) => leaf !== path);
  return inside.length > 0 ? inside : [path];
}

const fieldsOf = (kind: string, schema: z.ZodType) =>
  [...new Set(leaves(z.toJSONSchema(schema, { io: 'input' }), ''))]
    .map((path) => `${kind} ${path}`)
    .filter((path) => !/ kind$|(^| |\.)name$/.test(path));

describe.each(drivers.map((driver) => [driver.name, driver] as const))('driver %s', (name, driver) => {
  it('says of every field of the intermediate form what becomes of it', () => {
    const told = driver.capabilities.map(({ field }) => field);
    const fields = [
      ...fieldsOf('api', apiUnitSchema),
      ...fieldsOf('plan', planUnitSchema),
      ...fieldsOf('consumer', consumerSchema),
    ];
    const untold = fields.filter((field) => !told.some((row) => field === row || field.startsWith(`${row}.`)));
    expect(untold).toEqual([]);
  });

  it('has its page up to date', () => {
    const page = readFileSync(new URL(`../../../docs/drivers/${name}.md`, import.meta.url), 'utf8');
    expect(page).toBe(capabilityPage(driver));
  });
});
