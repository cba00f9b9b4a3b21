import type { PlannedChange } from '@gitway/contracts';
import type { FieldChange } from './diff/field-changes.ts';
import type { Judged } from './words/judged.ts';
import { showValue, shownPath } from './words/show-value.ts';

/** Whom and what a change touches; the reach is counted from it. */
export interface Touches {
  readonly apis: readonly string[];
  /** Ids of the operations of these APIs; when not given, all of them. */
  readonly operations?: readonly string[];
  /** When not given, those who may call these APIs. */
  readonly consumers?: readonly string[];
  /** When not given, all of the environment. */
  readonly gateways?: readonly string[];
}

/** A change of one thing, before equal ones are told as one. */
export interface Told extends Judged, Pick<PlannedChange, 'change' | 'kind' | 'field' | 'from' | 'to'> {
  readonly name: string;
  /** Changes that differ in nothing but these words are told as one by `many`. */
  readonly many?: string;
  /** Told as one only within this: operations of one API. */
  readonly within?: string;
  readonly touches: Touches;
}

/** A field as a plan shows it. */
export const shownField = ({ path, from, to }: FieldChange) => ({
  field: shownPath(path),
  from: showValue(from, path),
  to: showValue(to, path),
});

/** A thing that came or went has no field. */
export const noField = { field: null, from: null, to: null };
