import type { CallerSeverity } from '@gitway/contracts';
import { isEqual, type Json, textsOf } from '../diff/json.ts';
import type { Judge } from './judged.ts';
import { namesOf, showValue } from './show-value.ts';

export interface ListChange {
  readonly added: string[];
  readonly removed: string[];
}

export function listChange(from: Json | undefined, to: Json | undefined): ListChange {
  const [old, now] = [textsOf(from), textsOf(to)];
  return { added: now.filter((each) => !old.includes(each)), removed: old.filter((each) => !now.includes(each)) };
}

/** `+ a, b; − c`. */
export function listWords(label: string, { added, removed }: ListChange, path: string): string {
  const shown = (items: readonly string[]) => namesOf(items.map((item) => showValue(item, path) ?? ''));
  const parts = [
    ...(added.length === 0 ? [] : [`${label} added: ${shown(added)}`]),
    ...(removed.length === 0 ? [] : [`${label} removed: ${shown(removed)}`]),
  ];
  return parts.length === 0 ? `${label} in another order` : parts.join('; ');
}

/**
 * A list of what is let through, where no list lets everything through.
 *
 * @param empty what an empty list means
 * @param severity of what is not let through any more
 */
export const allowList =
  (
    label: string,
    everything: string,
    severity: CallerSeverity = 'breaking',
    empty: 'everything' | 'nothing' = 'nothing',
  ): Judge =>
  (from, to, path) => {
    const isAll = (value: Json | undefined) => value == null || (empty === 'everything' && textsOf(value).length === 0);
    const notice = 'callers';
    const names = (value: Json | undefined) => namesOf(textsOf(value).map((item) => showValue(item, path) ?? ''));
    if (isAll(from)) return { says: `${label}: only ${names(to)}, where it was ${everything}`, notice, severity };
    if (isAll(to))
      return { says: `${label}: ${everything}, where it was only ${names(from)}`, notice, severity: 'widening' };
    const change = listChange(from, to);
    const worst = change.removed.length > 0 ? severity : change.added.length > 0 ? 'widening' : 'neutral';
    return { says: listWords(label, change, path), notice, severity: worst };
  };

/** A list of what is refused. */
export const denyList =
  (label: string): Judge =>
  (from, to, path) => {
    const change = listChange(from, to);
    const severity = change.added.length > 0 ? 'restricting' : change.removed.length > 0 ? 'widening' : 'neutral';
    return { says: listWords(label, change, path), notice: 'callers', severity };
  };

/** A number that callers may not pass; none: no bound. */
export const upperBound =
  (label: string): Judge =>
  (from, to, path) => {
    const [was, is] = [showValue(from, path), showValue(to, path)];
    const more = typeof from === 'number' && (to == null || (typeof to === 'number' && to > from));
    const says =
      was === null
        ? `${label}: ${is}, where there was no bound`
        : is === null
          ? `${label}: no bound, where it was ${was}`
          : `${label} ${was} → ${is}`;
    return { says, notice: 'callers', severity: isEqual(from, to) ? 'neutral' : more ? 'widening' : 'restricting' };
  };
