import { z } from 'zod';
import { digestOf } from '../digest.ts';
import { digestSchema, nameSchema } from '../names.ts';
import type { UnitKind } from './unit.ts';

export const unitRefSchema = z.object({
  kind: z.enum(['api', 'plan', 'consumers', 'gateway', 'environment', 'notification']),
  name: z.string(),
  digest: digestSchema,
});

/**
 * One environment's whole desired configuration: a small Merkle tree, sorted by kind, then name. Which commit it
 * came from is not part of it: equal content is an equal digest.
 */
export const snapshotSchema = z.object({ environment: nameSchema, units: z.array(unitRefSchema) });

export type UnitRef = z.infer<typeof unitRefSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A change between two snapshots, named as a person would: `api petstore`. */
export const unitChangeSchema = z.object({
  change: z.enum(['added', 'changed', 'removed']),
  kind: unitRefSchema.shape.kind,
  name: z.string(),
});
export type UnitChange = z.infer<typeof unitChangeSchema>;

export function snapshotDigest(snapshot: Snapshot): string {
  return digestOf(snapshot);
}

/** What would change from `before` (null: nothing was there) to `after`: a set difference over digests. */
export function diffSnapshots(before: Snapshot | null, after: Snapshot): UnitChange[] {
  const keyOf = (unit: { kind: UnitKind; name: string }) => `${unit.kind}/${unit.name}`;
  const old = new Map((before?.units ?? []).map((unit) => [keyOf(unit), unit]));
  const changes: UnitChange[] = [];
  for (const unit of after.units) {
    const previous = old.get(keyOf(unit));
    old.delete(keyOf(unit));
    if (previous === undefined) changes.push({ change: 'added', kind: unit.kind, name: unit.name });
    else if (previous.digest !== unit.digest) changes.push({ change: 'changed', kind: unit.kind, name: unit.name });
  }
  for (const unit of old.values()) changes.push({ change: 'removed', kind: unit.kind, name: unit.name });
  return changes;
}
