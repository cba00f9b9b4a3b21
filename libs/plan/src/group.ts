import { callerSeverities, type PlannedChange } from '@gitway/contracts';
import { compare } from './diff/json.ts';
import type { World } from './reach.ts';
import type { Told } from './told.ts';
import { cut } from './words/show-value.ts';

const SHOWN_NAMES = 20;
const MAX_WORDS = 500;
export const MAX_CHANGES = 200;
/** Above this many the words of single changes give way to the fields that differ. */
const MAX_FINE = 100;

/** How a gateway takes a change, where its driver can tell. */
export type TakesOf = (change: Pick<PlannedChange, 'kind' | 'change' | 'field'>) => PlannedChange['takes'];

/**
 * Equal changes told once: first those that are equal to the word; where that leaves too many, those in one field of
 * one kind with one severity.
 */
export function groupChanges(told: readonly Told[], world: World, takesOf: TakesOf): PlannedChange[] {
  const fine = grouped(told, (each) => [
    each.change,
    each.kind,
    each.within,
    each.field,
    each.from,
    each.to,
    each.notice,
    each.severity,
    wordsOf(each),
  ]);
  const groups =
    fine.length <= MAX_FINE
      ? fine
      : grouped(told, ({ change, kind, field, notice, severity, many, says }) => {
          const isField = field !== null && many !== undefined;
          return [change, kind, isField ? fieldName(field) : field, notice, severity, many ?? says];
        });
  return groups.map((group) => plannedChange(group, world, takesOf)).sort(mostDangerousFirst);
}

/** Things that came or went each have words of their own, and are one change all the same. */
const wordsOf = ({ field, many, says }: Told) => (field === null ? (many ?? says) : says);
const fieldName = (field: string) => field.replaceAll(/\[[^\]]*\]/g, '[]');

function grouped(told: readonly Told[], keyOf: (told: Told) => unknown[]): Told[][] {
  const groups = new Map<string, Told[]>();
  for (const each of told) {
    const key = JSON.stringify(keyOf(each));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [each]);
    else known.push(each);
  }
  return [...groups.values()];
}

function plannedChange(group: readonly Told[], world: World, takesOf: TakesOf): PlannedChange {
  const first = group[0]!;
  const { change, kind, notice, severity } = first;
  const names = [...new Set(group.map(({ name }) => name))].sort(compare);
  const one = <T>(of: (told: Told) => T, otherwise: T): T =>
    group.every((each) => of(each) === of(first)) ? of(first) : otherwise;
  const field = one((each) => each.field, first.field === null ? null : fieldName(first.field));
  const says = one((each) => each.says, first.many ?? first.says);
  return {
    change,
    kind,
    names: names.slice(0, SHOWN_NAMES),
    count: names.length,
    field,
    from: one((each) => each.from, null),
    to: one((each) => each.to, null),
    says: cut(says, MAX_WORDS),
    notice,
    severity,
    takes: takesOf({ change, kind, field }),
    reach: world.reachOf(
      group.map(({ touches }) => touches),
      notice === 'callers',
    ),
  };
}

const notices = ['callers', 'gateways', 'platform'];
const changes = ['removed', 'changed', 'renamed', 'added'];

function mostDangerousFirst(a: PlannedChange, b: PlannedChange): number {
  return (
    callerSeverities.indexOf(a.severity) - callerSeverities.indexOf(b.severity) ||
    notices.indexOf(a.notice) - notices.indexOf(b.notice) ||
    (b.reach.traffic?.calls ?? 0) - (a.reach.traffic?.calls ?? 0) ||
    (b.reach.consumers ?? 0) - (a.reach.consumers ?? 0) ||
    b.reach.apis - a.reach.apis ||
    b.count - a.count ||
    changes.indexOf(a.change) - changes.indexOf(b.change) ||
    compare(a.kind, b.kind) ||
    compare(a.names[0]!, b.names[0]!) ||
    compare(a.field ?? '', b.field ?? '') ||
    compare(a.says, b.says)
  );
}
