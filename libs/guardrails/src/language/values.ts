import type { ApiUnit, ConsumerEntry, EnvironmentUnit, GatewayUnit, PlanUnit } from '@gitway/contracts';
import { types, type GuardrailKind } from './types.ts';

type Source = ApiUnit | PlanUnit | ConsumerEntry | GatewayUnit | EnvironmentUnit;
export type CelObject = object;

/** One class per declared type: the evaluator tells the type of a value by its constructor. */
export const classes: Readonly<Record<string, new () => object>> = Object.fromEntries(
  Object.keys(types).map((name) => [name, classNamed(name)]),
);

function classNamed(name: string): new () => object {
  const made = function () {} as unknown as new () => object;
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

const made = new WeakMap<object, CelObject>();

/** A unit as expressions see it: whole numbers are CEL ints, and what is null is absent. Made once per unit. */
export function valueOf(kind: GuardrailKind, source: Source): CelObject {
  const kept = made.get(source);
  if (kept !== undefined) return kept;
  const value = objectOf(kind, source);
  made.set(source, value);
  return value;
}

function objectOf(type: string, source: Readonly<Record<string, unknown>>): CelObject {
  const value: Record<string, unknown> = new classes[type]!() as Record<string, unknown>;
  for (const [name, declaration] of Object.entries(types[type]!)) {
    const given = source[name];
    // What a unit leaves out asks for nothing.
    if (given === undefined && declaration.type === 'bool') value[name] = false;
    else if (given === undefined && declaration.type.startsWith('list<')) value[name] = [];
    else if (given !== null && given !== undefined) value[name] = convert(declaration.type, given);
  }
  return value;
}

function convert(type: string, given: unknown): unknown {
  if (type === 'int') return BigInt(given as number);
  const element = /^list<(.+)>$/.exec(type)?.[1];
  if (element !== undefined) return (given as unknown[]).map((item) => convert(element, item));
  if (type.startsWith('map<')) return new Map(Object.entries(given as Record<string, string>));
  return type in types ? objectOf(type, given as Record<string, unknown>) : given;
}
