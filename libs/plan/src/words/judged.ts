import type { CallerSeverity, NoticedBy } from '@gitway/contracts';
import type { Json } from '../diff/json.ts';
import { showValue, shownPath } from './show-value.ts';

/** What a change means. */
export interface Judged {
  /** Without its subject: the renderers say of what. */
  readonly says: string;
  readonly notice: NoticedBy;
  readonly severity: CallerSeverity;
}

/** Judges one field; it is only asked where the two differ. */
export type Judge = (from: Json | undefined, to: Json | undefined, path: string) => Judged;

/** `requestMs 10s → 5s`, with a name of its own in place of the field's. */
export function fromTo(label: string, from: Json | undefined, to: Json | undefined, path: string): string {
  const [was, is] = [showValue(from, path) ?? 'not set', showValue(to, path) ?? 'not set'];
  const name = shownPath(label.replace(/Ms$/, ''));
  return was === is ? `${name} changed, still ${was}` : `${name} ${was} → ${is}`;
}

/** A field whose change always means the same. */
export const always =
  (notice: NoticedBy, severity: CallerSeverity, label?: string): Judge =>
  (from, to, path) => ({ says: fromTo(label ?? path, from, to, path), notice, severity });

/** What Gitway has no words for: told all the same, and not played down. */
export const unknownField: Judge = always('callers', 'unknown');
