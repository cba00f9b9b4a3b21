import { member, textMember, type Json } from '../document/json.ts';
import type { BreakingOptions } from '../change.ts';

export const stabilityLevels = ['draft', 'alpha', 'beta', 'stable'] as const;
export type Stability = (typeof stabilityLevels)[number];

/** The operation's `x-stability-level`: null when it names none, 'invalid' when it is no level. */
export function stabilityOf(operation: Json): Stability | 'invalid' | null {
  const level = member(operation, 'x-stability-level');
  if (level === undefined || level === null || level === '') return null;
  return stabilityLevels.find((name) => name === level) ?? 'invalid';
}

/** Nothing is promised about these yet. */
export function isUnpromised(operation: Json): boolean {
  const level = stabilityOf(operation);
  return level === 'draft' || level === 'alpha';
}

/** A day (`2026-11-30`), or the word 'invalid' when `x-sunset` is no date; null when there is none. */
export function sunsetOf(value: Json): string | null {
  const sunset = member(value, 'x-sunset');
  if (sunset === undefined) return null;
  const text = textMember(value, 'x-sunset') ?? '';
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|T)/.exec(text)?.[1];
  return day !== undefined && !Number.isNaN(Date.parse(day)) ? day : 'invalid';
}

export const isDeprecated = (value: Json) => member(value, 'deprecated') === true;

/** Days from one day to another, negative when it lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** How many days a deprecation must be announced before its sunset. */
export function deprecationDays(operation: Json, options: BreakingOptions): number {
  const level = stabilityOf(operation);
  if (level === 'beta') return options.deprecationDaysBeta ?? 0;
  return level === 'stable' || level === null ? (options.deprecationDaysStable ?? 0) : 0;
}
