import type { ConsumerEntry, Location, Unit } from '@gitway/contracts';
import { fieldChanges, showValue, type Json } from '@gitway/plan';
import type { ResourceIndex } from '../resource-index.ts';
import { compare } from '../findings.ts';
import { Origins, type Origin } from './origins.ts';

/** One environment as it was compiled, and the resources that it was compiled from. */
export interface ParitySide {
  readonly environment: string;
  readonly units: Iterable<Unit>;
  readonly index: ResourceIndex;
}

export interface ParityDifference {
  /** As in `api petstore`. */
  readonly unit: string;
  /** As a person reads it: `policy.rateLimit.requests`. Null where one side has nothing of that name. */
  readonly field: string | null;
  /** In the first environment and in the second, as a plan shows values; null: it is not there. */
  readonly values: readonly [string | null, string | null];
  /** Somebody said in Git that it is to differ: by a patch, a variable, or in an Environment itself. */
  readonly declared: boolean;
  /** What makes it differ, as in `patch 2 of Environment/production`, and where that stands. */
  readonly by: readonly { readonly what: string; readonly where: Location }[];
}

export interface Parity {
  readonly environments: readonly [string, string];
  /** In order of unit and field. */
  readonly differences: readonly ParityDifference[];
  /** How many nobody declared. */
  readonly undeclared: number;
}

/** Where two environments differ in what gateways are told, and whether somebody declared that they do. Pure. */
export function parity(a: ParitySide, b: ParitySide): Parity {
  const origins = new Origins(a, b);
  const [ours, theirs] = [thingsOf(a.units), thingsOf(b.units)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort(compare);
  const differences = names.flatMap((unit): ParityDifference[] => {
    const [here, there] = [ours.get(unit), theirs.get(unit)];
    if (here === undefined || there === undefined) {
      const origin = origins.ofPresence(unit);
      const values = [here, there].map((each) => (each === undefined ? null : 'there')) as [
        string | null,
        string | null,
      ];
      return [{ unit, field: null, values, ...told(origin) }];
    }
    return fieldChanges(here, there).map(({ path, from, to }) => ({
      unit,
      field: path,
      values: [showValue(from, path), showValue(to, path)] as const,
      ...told(origins.ofField(unit, path)),
    }));
  });
  return {
    environments: [a.environment, b.environment],
    differences,
    undeclared: differences.filter(({ declared }) => !declared).length,
  };
}

const told = ({ declared, by }: Origin) => ({ declared, by });

/** Units under their names; consumers one by one, whatever shards they lie in; the environments under one name. */
function thingsOf(units: Iterable<Unit>): Map<string, Json> {
  const things = new Map<string, Json>();
  for (const unit of units) {
    if (unit.kind === 'consumers') {
      for (const consumer of unit.consumers) things.set(`consumer ${consumer.name}`, plain(consumer));
    } else if (unit.kind === 'environment') {
      const { name: _, ...rest } = unit;
      things.set('environment', plain(rest));
    } else things.set(`${unit.kind} ${unit.name}`, plain(unit));
  }
  return things;
}

const plain = (value: Unit | ConsumerEntry | object) => value as unknown as Json;
