import type { ConsumerEntry, ConsumersUnit } from '@gitway/contracts';
import { fieldChanges } from '../diff/field-changes.ts';
import { compare, isEqual, type Json } from '../diff/json.ts';
import { noField, shownField, type Told } from '../told.ts';
import { fromTo, type Judged } from '../words/judged.ts';
import { listChange } from '../words/lists.ts';
import { counted, cut, namesOf, shortHash } from '../words/show-value.ts';

/** The consumers of many shards, by name. */
export function consumersOf(units: readonly ConsumersUnit[]): Map<string, ConsumerEntry> {
  return new Map(units.flatMap(({ consumers }) => consumers.map((each) => [each.name, each])));
}

/** @param units the shards that differ, on each side */
export function tellConsumers(units: { before: readonly ConsumersUnit[]; after: readonly ConsumersUnit[] }): Told[] {
  const [before, after] = [consumersOf(units.before), consumersOf(units.after)];
  const added = [...after.values()].filter(({ name }) => !before.has(name));
  const removed = new Map([...before].filter(([name]) => !after.has(name)));
  const byKeys = new Map(
    [...removed.values()].flatMap((each) => (each.keyHashes.length === 0 ? [] : [[keysOf(each), each]])),
  );
  const told: Told[] = [];
  for (const consumer of added) {
    const from = consumer.keyHashes.length === 0 ? undefined : byKeys.get(keysOf(consumer));
    if (from === undefined || !removed.delete(from.name)) told.push(tellOne(consumer, 'added'));
    else told.push(...tellRename(from, consumer), ...tellChanges(from, consumer));
  }
  for (const consumer of removed.values()) told.push(tellOne(consumer, 'removed'));
  for (const consumer of after.values()) {
    const from = before.get(consumer.name);
    if (from !== undefined) told.push(...tellChanges(from, consumer));
  }
  if (told.length > 0) return told.sort((a, b) => compare(a.name, b.name));
  const shards = new Set([...units.before, ...units.after].map(({ name }) => name));
  return [...shards].map(sameConsumers);
}

const keysOf = ({ keyHashes }: ConsumerEntry) => keyHashes.toSorted(compare).join();

function entry(consumer: ConsumerEntry, change: Told['change'], rest: Judged & Partial<Told>): Told {
  const touches = { apis: [], consumers: [consumer.name] };
  return { change, kind: 'consumer', name: consumer.name, touches, ...noField, ...rest };
}

function tellOne(consumer: ConsumerEntry, change: 'added' | 'removed'): Told {
  const plans = consumer.plans.length === 0 ? 'no plan' : `plan ${namesOf(consumer.plans)}`;
  const says = `${change === 'added' ? 'new' : 'gone'}: ${counted(consumer.keyHashes.length, 'key')}, ${plans}`;
  const suspended = consumer.suspended ? ', suspended' : '';
  return entry(consumer, change, {
    says: says + suspended,
    many: change === 'added' ? 'new' : 'gone, with their keys',
    notice: 'callers',
    severity: change === 'added' ? 'widening' : consumer.suspended ? 'neutral' : 'breaking',
  });
}

const tellRename = (from: ConsumerEntry, to: ConsumerEntry): Told[] => [
  entry(to, 'renamed', {
    field: 'name',
    from: from.name,
    to: to.name,
    says: `was ${from.name}: the same keys, its figures and limits begin anew`,
    many: 'renamed: the same keys',
    notice: 'platform',
    severity: 'neutral',
  }),
];

function tellChanges(from: ConsumerEntry, to: ConsumerEntry): Told[] {
  const changes = fieldChanges(restOf(from), restOf(to), { whole: (path) => path === 'keyHashes' || path === 'plans' });
  return changes.flatMap((change) => {
    const judged = judgeField(change.path, from, to, change.from, change.to);
    return judged.map((each) => entry(to, 'changed', { ...shownField(change), ...each }));
  });
}

function judgeField(
  path: string,
  was: ConsumerEntry,
  is: ConsumerEntry,
  from: Json | undefined,
  to: Json | undefined,
): (Judged & Partial<Told>)[] {
  const notice = 'callers';
  const keys = listChange(from, to);
  switch (path) {
    case 'keyHashes': {
      const shown = (hashes: readonly string[]) =>
        `${counted(hashes.length, 'key')} (${namesOf(hashes.map(shortHash), 3)})`;
      const told: (Judged & Partial<Told>)[] = [];
      if (keys.removed.length > 0)
        told.push({
          says: `${shown(keys.removed)} revoked`,
          many: 'keys revoked',
          notice,
          severity: 'breaking',
          to: null,
        });
      if (keys.added.length > 0)
        told.push({ says: `${shown(keys.added)} added`, many: 'keys added', notice, severity: 'widening', from: null });
      if (told.length === 0) told.push({ says: 'keys in another order', notice: 'platform', severity: 'neutral' });
      return told;
    }
    case 'plans': {
      const told: (Judged & Partial<Told>)[] = [];
      if (keys.removed.length > 0)
        told.push({ says: `no longer subscribed to ${namesOf(keys.removed)}`, notice, severity: 'breaking' });
      if (keys.added.length > 0)
        told.push({ says: `subscribed to ${namesOf(keys.added)}`, notice, severity: 'widening' });
      if (told.length === 0) told.push({ says: 'plans in another order', notice: 'platform', severity: 'neutral' });
      return told;
    }
    case 'suspended':
      return is.suspended
        ? [{ says: 'suspended: its calls are refused', notice, severity: 'breaking' }]
        : [{ says: 'no longer suspended', notice, severity: was.suspended ? 'widening' : 'neutral' }];
    case 'owner':
      return [{ says: fromTo('owner', from, to, path), notice: 'platform', severity: 'neutral' }];
    default: {
      const expiry = path.startsWith('keyExpiries');
      // A way to be recognised that came adds one; one that went or changed takes one away.
      const severity = expiry
        ? isEqual(from, undefined)
          ? 'restricting'
          : 'unknown'
        : from === undefined
          ? 'widening'
          : 'breaking';
      const label = expiry ? 'last day of a key' : cut(path, 100);
      return [{ says: fromTo(label, from, to, path), notice, severity }];
    }
  }
}

const restOf = ({ name: _name, ...rest }: ConsumerEntry): Json => rest;

const sameConsumers = (shard: string): Told => ({
  change: 'changed',
  kind: 'consumers',
  name: shard,
  touches: { apis: [] },
  ...noField,
  says: 'the same consumers in another order',
  notice: 'platform',
  severity: 'neutral',
});
