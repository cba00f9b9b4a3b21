import { type CallerSeverity, formatDuration } from '@gitway/contracts';
import { type Json, type JsonObject, isObject, numberOf, objectsOf, textOf } from '../diff/json.ts';
import type { Judge } from './judged.ts';
import { grouped } from './show-value.ts';

const windows: Readonly<Record<number, string>> = {
  1_000: 'a second',
  60_000: 'a minute',
  3_600_000: 'an hour',
  86_400_000: 'a day',
};
const counted: Readonly<Record<string, string>> = {
  consumer: 'each consumer',
  ip: 'each client address',
  api: 'everybody together',
  plan: 'each plan',
};

interface Limit {
  readonly requests: number;
  readonly windowMs: number;
  readonly window: string;
  readonly whose: string;
  readonly burst: number | undefined;
}

const periods: Readonly<Record<string, number>> = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };

function limitOf(value: JsonObject): Limit {
  const period = textOf(value['period']);
  const windowMs = period === undefined ? (numberOf(value['windowMs']) ?? 1) : (periods[period] ?? 1);
  const by = textOf(value['by']) ?? 'api';
  const whose =
    by === 'header' ? `each value of ${textOf(value['header']) ?? 'a header'}` : (counted[by] ?? `each ${by}`);
  const window = period === undefined ? (windows[windowMs] ?? `in ${formatDuration(windowMs)}`) : `a ${period}`;
  return { requests: numberOf(value['requests']) ?? 0, windowMs, window, whose, burst: numberOf(value['burst']) };
}

/** One limit, several or none. */
const limitsOf = (value: Json | undefined): Limit[] => (isObject(value) ? [value] : objectsOf(value)).map(limitOf);

type ShowNumber = (count: number) => string;
const calls = (requests: number, show: ShowNumber = grouped) =>
  `${show(requests)} ${requests === 1 ? 'call' : 'calls'}`;

/**
 * `600 calls a minute for each consumer`; `no limit` where nothing limits.
 *
 * @param show how numbers are written
 */
export function describeLimits(value: Json | undefined, show: ShowNumber = grouped): string {
  const limits = limitsOf(value);
  if (limits.length === 0) return 'no limit';
  return limits
    .map(({ requests, window, whose, burst }) => {
      const extra = burst === undefined ? '' : `, ${show(burst)} at once beyond`;
      return `${calls(requests, show)} ${window} for ${whose}${extra}`;
    })
    .join('; ');
}

/** A rate limit or a quota, or a list of them. */
export const judgeLimits: Judge = (from, to) => ({
  says: limitChange(limitsOf(from), limitsOf(to), from, to),
  notice: 'callers',
  severity: limitSeverity(limitsOf(from), limitsOf(to)),
});

function limitChange(old: Limit[], now: Limit[], from: Json | undefined, to: Json | undefined): string {
  const [a, b] = [old[0], now[0]];
  const alike = old.length === 1 && now.length === 1 && a!.window === b!.window && a!.whose === b!.whose;
  if (alike && a!.burst === b!.burst) {
    return `limit ${grouped(a!.requests)} → ${calls(b!.requests)} ${b!.window} for ${b!.whose}`;
  }
  if (old.length === 0) return `limit: ${describeLimits(to)}, where there was none`;
  if (now.length === 0) return `no limit any more, where it was ${describeLimits(from)}`;
  return `limit ${describeLimits(from)} → ${describeLimits(to)}`;
}

/** Fewer calls in the long run and at once: restricting; more of both: widening; anything else cannot be told. */
function limitSeverity(old: readonly Limit[], now: readonly Limit[]): CallerSeverity {
  if (old.length === 0 && now.length === 0) return 'neutral';
  if (old.length === 0) return 'restricting';
  if (now.length === 0) return 'widening';
  const matched = now.map((limit) =>
    old.find(({ whose, windowMs }) => whose === limit.whose && windowMs === limit.windowMs),
  );
  if (old.length === 1 && now.length === 1) return severityOf(old[0]!, now[0]!);
  const kept = new Set(matched.filter((limit) => limit !== undefined));
  const signs = now.map((limit, index) =>
    matched[index] === undefined ? 'restricting' : severityOf(matched[index], limit),
  );
  if (old.some((limit) => !kept.has(limit))) signs.push('widening');
  const told = new Set(signs.filter((sign) => sign !== 'neutral'));
  return told.size === 1 ? [...told][0]! : told.size === 0 ? 'neutral' : 'unknown';
}

function severityOf(old: Limit, now: Limit): CallerSeverity {
  if (old.whose !== now.whose) return 'unknown';
  const rate = now.requests / now.windowMs - old.requests / old.windowMs;
  const atOnce = now.requests + (now.burst ?? 0) - (old.requests + (old.burst ?? 0));
  if (rate === 0 && atOnce === 0) return 'neutral';
  if (rate <= 0 && atOnce <= 0) return 'restricting';
  if (rate >= 0 && atOnce >= 0) return 'widening';
  return 'unknown';
}
