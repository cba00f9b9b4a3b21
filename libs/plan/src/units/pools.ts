import type { ApiUnit } from '@gitway/contracts';
import { fieldChanges } from '../diff/field-changes.ts';
import { compare, isEqual, type Json } from '../diff/json.ts';
import { noField, shownField, type Told } from '../told.ts';
import { fromTo } from '../words/judged.ts';
import { counted, cut, namesOf } from '../words/show-value.ts';

type Pool = ApiUnit['pools'][number];
type Target = Pool['targets'][number];

const addressOf = ({ scheme, host, port }: Target) => cut(`${scheme}://${host}:${port}`, 120);

/** What share of the calls goes elsewhere than before, in percent; 0 where the shares stay. */
function moved(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  const sum = (weights: ReadonlyMap<string, number>) =>
    [...weights.values()].reduce((total, each) => total + each, 0) || 1;
  const names = new Set([...before.keys(), ...after.keys()]);
  let total = 0;
  for (const name of names)
    total += Math.abs((after.get(name) ?? 0) / sum(after) - (before.get(name) ?? 0) / sum(before));
  return Math.round((total / 2) * 1_000) / 10;
}

/** Where calls go: noticed by what stands behind the gateways. */
export function tellPools(before: ApiUnit, after: ApiUnit): Told[] {
  const api = after.name;
  const touches = { apis: [api] };
  const told: Told[] = [];
  const [old, now] = [before.pools, after.pools].map((pools) => new Map(pools.map((pool) => [pool.name, pool])));
  const tell = (change: Told['change'], pool: string, rest: Pick<Told, 'says' | 'field' | 'from' | 'to'>) =>
    told.push({
      change,
      kind: 'pool',
      name: `${api}/${pool}`,
      notice: 'gateways',
      severity: 'neutral',
      touches,
      ...rest,
    });
  for (const pool of after.pools) {
    if (old!.has(pool.name)) continue;
    tell('added', pool.name, { says: `new: ${targetsOf(pool)}`, ...noField });
  }
  for (const pool of before.pools) {
    if (!now!.has(pool.name)) tell('removed', pool.name, { says: `gone: ${targetsOf(pool)}`, ...noField });
  }
  const weights = (pools: readonly Pool[]) => new Map(pools.map(({ name, weight }) => [name, weight]));
  const words = (pools: readonly Pool[]) => pools.map(({ name, weight }) => `${name} ${weight}`).join(', ');
  if (words(before.pools) !== words(after.pools)) {
    const [from, to] = [before.pools, after.pools].map((pools) => cut(words(pools), 200)) as [string, string];
    const share = moved(weights(before.pools), weights(after.pools));
    const shares = [before.pools, after.pools].map(shareWords);
    const says =
      share > 0
        ? `weights move ${share} % of calls: ${shares[0]!} → ${shares[1]!}`
        : `weights ${from} → ${to}, calls go where they went`;
    told.push({
      change: 'changed',
      kind: 'api',
      name: api,
      field: 'pools.weight',
      from,
      to,
      says,
      notice: 'gateways',
      severity: 'neutral',
      touches,
    });
  }
  for (const pool of after.pools) {
    const from = old!.get(pool.name);
    if (from === undefined) continue;
    const targets = targetWords(from.targets, pool.targets);
    if (targets !== null) {
      const show = (each: Pool) =>
        namesOf(
          each.targets.map((target) => `${addressOf(target)} (${target.weight})`),
          6,
        );
      tell('changed', pool.name, {
        says: targets,
        field: 'targets',
        from: cut(show(from), 200),
        to: cut(show(pool), 200),
      });
    }
    for (const change of fieldChanges(restOf(from), restOf(pool)))
      tell('changed', pool.name, {
        says: fromTo(change.path, change.from, change.to, change.path),
        ...shownField(change),
      });
  }
  return told.sort((a, b) => compare(a.name, b.name));
}

/** `stable 80 %, next 20 %`. */
function shareWords(pools: readonly Pool[]): string {
  const sum = pools.reduce((total, { weight }) => total + weight, 0) || 1;
  return namesOf(
    pools.map(({ name, weight }) => `${name} ${Math.round((1_000 * weight) / sum) / 10} %`),
    6,
  );
}

const restOf = ({ name: _name, weight: _weight, targets: _targets, ...rest }: Pool): Json => rest;
const targetsOf = ({ targets }: Pool) => `${counted(targets.length, 'target')} (${namesOf(targets.map(addressOf), 3)})`;

/** @returns null where they are the same */
function targetWords(before: readonly Target[], after: readonly Target[]): string | null {
  if (isEqual(before, after)) return null;
  const [old, now] = [before, after].map((targets) => targets.map(addressOf));
  const added = now!.filter((each) => !old!.includes(each));
  const removed = old!.filter((each) => !now!.includes(each));
  const replaced = Math.min(added.length, removed.length);
  const parts: string[] = [];
  if (replaced > 0) {
    const of = before.length === 1 ? 'the only target' : `${replaced} of ${counted(before.length, 'target')}`;
    parts.push(`${of} replaced: ${namesOf(removed.slice(0, replaced), 3)} → ${namesOf(added.slice(0, replaced), 3)}`);
  }
  if (added.length > replaced)
    parts.push(`${counted(added.length - replaced, 'target')} added: ${namesOf(added.slice(replaced), 3)}`);
  if (removed.length > replaced)
    parts.push(
      `${removed.length - replaced} of ${counted(before.length, 'target')} removed: ${namesOf(removed.slice(replaced), 3)}`,
    );
  const weights = (targets: readonly Target[]) => {
    const sums = new Map<string, number>();
    for (const target of targets) sums.set(addressOf(target), (sums.get(addressOf(target)) ?? 0) + target.weight);
    return sums;
  };
  const share = moved(weights(before), weights(after));
  if (share > 0) parts.push(`${share} % of its calls go elsewhere`);
  return parts.length === 0 ? 'other weights or order of targets, calls go where they went' : parts.join('; ');
}
