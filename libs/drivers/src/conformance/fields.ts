import {
  apiUnitSchema,
  consumerSchema,
  gatewayUnitSchema,
  operationPolicySchema,
  planUnitSchema,
} from '@gitway/contracts';
import { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** One field of the vocabulary, as capability tables name it: `api policy.rateLimits.requests`. */
export interface VocabularyField {
  readonly field: string;
  /** Of an enumeration. */
  readonly values: readonly string[];
}

const vocabulary: readonly [kind: string, schema: z.ZodType][] = [
  ['api', apiUnitSchema],
  ['plan', planUnitSchema],
  ['consumer', consumerSchema],
  ['gateway', gatewayUnitSchema],
];

/** Names of things, by which nothing is done but finding them. */
const names =
  /^(?:api|plan|consumer|gateway) (?:kind|name)$|^api (?:pools|operations)\.name$|^gateway listeners\.name$/;

/** Every field that a driver may have to do something about, from the schemas of the units. */
export function vocabularyFields(): VocabularyField[] {
  const found = new Map<string, Set<string>>();
  for (const [kind, schema] of vocabulary) collect(z.toJSONSchema(schema, { io: 'input' }), `${kind} `, found);
  const operation = z.toJSONSchema(operationPolicySchema, { io: 'input' });
  // Each method of `anyOf` and `allOf` has the fields of the methods that stand alone.
  for (const field of found.keys()) if (field.startsWith('api policy.auth.methods.')) found.delete(field);
  found.set('api policy.auth.methods', new Set());
  found.delete('api policy.operations');
  for (const group of Object.keys(operation.properties ?? {})) found.set(`api policy.operations.${group}`, new Set());
  return [...found]
    .filter(([field]) => !names.test(field))
    .map(([field, values]) => ({ field, values: [...values] }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** Leaves, under their array's name where they lie in one; alternatives share what they have in common. */
function collect(schema: Schema, at: string, found: Map<string, Set<string>>): void {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Schema[];
  for (const alternative of alternatives) collect(alternative, at, found);
  if (schema.items !== undefined) collect(schema.items as Schema, at, found);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    collect(member as Schema, at.endsWith(' ') ? at + name : `${at}.${name}`, found);
  }
  const whole = schema.properties === undefined && schema.items === undefined && alternatives.length === 0;
  if (!whole || schema.type === 'null') return;
  const values = found.get(at) ?? new Set<string>();
  for (const value of [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])]) {
    if (typeof value === 'string') values.add(value);
  }
  found.set(at, values);
}

/** Fields that are for people, for compiling or for other services: no gateway does anything about them. */
export const nothingAtTheGateway: Readonly<Record<string, string>> = {
  'api labels': 'chosen by while compiling',
  'api owner': 'shown to people',
  'api visibility': 'shown to people',
  'api openapi': 'read while compiling',
  'api slo': 'measured by analytics',
  'consumer owner': 'shown to people',
  'gateway address': 'shown to people',
  'gateway driver': 'chooses the driver',
  'gateway listeners.port': 'given by whoever starts the gateway, here the suite',
};

/** Fields of which no case can be run here, and why. */
export const unprovable: Readonly<Record<string, string>> = {
  'api pools.resolveEveryMs': 'needs a name server that answers otherwise after a while',
  'api policy.cache.statuses': 'a gateway may take no status but 200',
};

export const rowOf = (field: string, rows: readonly string[]): string | undefined =>
  rows.find((row) => field === row || field.startsWith(`${row}.`));
