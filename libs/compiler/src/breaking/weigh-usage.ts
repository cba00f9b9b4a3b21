import { formatDuration } from '@gitway/contracts';
import type { ApiUsage, UsageEntry } from './live.ts';

/**
 * Whose calls are counted: of these operations by id (null among them: calls that no declared operation explains; null
 * alone: of the API), by these consumers (null: by anybody).
 */
export interface Counted {
  readonly operations: readonly (string | null)[] | null;
  readonly consumers: readonly string[] | null;
  /** As messages name it: `DELETE /pets/{id}`, `3 operations`. */
  readonly name: string;
}

export interface Weight {
  readonly standing: 'used' | 'unused' | 'unknown';
  /** What is known of callers, in one sentence. */
  readonly evidence: string;
}

const NAMED = 3;
const DAY_MS = 86_400_000;

/** Who called within `withinMs` before `now`, how often and when last; or that this is not known. */
export function weighUsage(usage: ApiUsage, counted: Counted, withinMs: number, now: Date): Weight {
  if ('unknown' in usage) {
    const name = counted.name.replace(/^The /, 'the ');
    return { standing: 'unknown', evidence: `How much ${name} is used is not known: ${usage.unknown}.` };
  }
  const from = new Date(now.getTime() - withinMs);
  const entries = usage.entries.filter(
    ({ operation, consumer, lastAt }) =>
      lastAt >= from &&
      (counted.operations === null || counted.operations.includes(operation)) &&
      (counted.consumers === null || (consumer !== null && counted.consumers.includes(consumer))),
  );
  const calls = entries.reduce((sum, entry) => sum + entry.calls, 0);
  const partly = usage.knownSince > from;
  const span = partly ? `since ${moment(usage.knownSince)}, when usage was first heard of` : `in ${spoken(withinMs)}`;
  if (calls === 0) {
    if (!partly) return { standing: 'unused', evidence: `${counted.name}: no calls ${span}.` };
    return {
      standing: 'unused',
      evidence: `${counted.name}: no calls ${span}; whether it was called before is not known.`,
    };
  }
  const last = entries.reduce((latest, { lastAt }) => (lastAt > latest ? lastAt : latest), entries[0]!.lastAt);
  const amount = `${calls.toLocaleString('en-US')} ${calls === 1 ? 'call' : 'calls'}`;
  return {
    standing: 'used',
    evidence: `${counted.name}: ${amount} by ${callers(entries)} ${span}, the last one at ${moment(last)}.`,
  };
}

function callers(entries: readonly UsageEntry[]): string {
  const calls = new Map<string, number>();
  let strangers = false;
  for (const entry of entries) {
    if (entry.consumer === null) strangers = true;
    else calls.set(entry.consumer, (calls.get(entry.consumer) ?? 0) + entry.calls);
  }
  const names = [...calls].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  if (names.length === 0) return 'callers without a name';
  const shown = names.length > NAMED ? [...names.slice(0, NAMED), '…'] : names;
  const known = `${names.length} ${names.length === 1 ? 'consumer' : 'consumers'} (${shown.join(', ')})`;
  return strangers ? `${known} and callers without a name` : known;
}

export const moment = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `7 days`, and as durations are written where it is no number of days. */
export function spoken(ms: number): string {
  if (ms % DAY_MS !== 0) return formatDuration(ms);
  return ms === DAY_MS ? '1 day' : `${ms / DAY_MS} days`;
}
