import type { CallerSeverity, ChangePlan, PlannedChange, Reach } from '@gitway/contracts';
import { counted, grouped } from '../words/show-value.ts';

/** What others wrote must neither move a cursor nor turn a line around. */
export const clean = (text: string) =>
  text
    .replaceAll(/[\t\r\n]+/g, ' ')
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g, '\uFFFD')
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD');

export const severityTitles: Readonly<Record<CallerSeverity, string>> = {
  breaking: 'breaks callers',
  restricting: 'restricts callers',
  unknown: 'effect on callers not known',
  widening: 'opens more to callers',
  neutral: 'neutral to callers',
};

export const marks: Readonly<Record<PlannedChange['change'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  renamed: '→',
};

const plurals: Readonly<Record<string, string>> = { api: 'APIs', consumers: 'shards of consumers' };
const singles: Readonly<Record<string, string>> = { api: 'API', consumers: 'shard of consumers' };

/** `API`, `3 operations`. */
export const kindOf = ({ kind, count }: PlannedChange) =>
  count === 1 ? (singles[kind] ?? clean(kind)) : `${grouped(count)} ${plurals[kind] ?? `${clean(kind)}s`}`;

/** Names, as many as are wanted, and how many more there are. */
export function shownNames({ names, count }: PlannedChange, shown: number): { names: string[]; more: number } {
  const listed = names.slice(0, shown).map(clean);
  return { names: listed, more: count - listed.length };
}

export function reachWords({ apis, operations, consumers, anybody, gateways }: Reach): string {
  const parts: string[] = [];
  if (apis > 0) parts.push(counted(apis, 'API'));
  if (operations > 0) parts.push(counted(operations, 'operation'));
  if (consumers === null) parts.push('consumers not known');
  else if (consumers > 0) parts.push(counted(consumers, 'consumer'));
  if (anybody) parts.push('anybody without a key');
  if (gateways > 0) parts.push(counted(gateways, 'gateway'));
  return parts.join(', ');
}

export function trafficWords({ traffic }: Reach): string {
  if (traffic === null) return 'use not known';
  const { days, calls, consumers } = traffic;
  if (calls === 0) return `not called in ${counted(days, 'day')}`;
  const whose = consumers === 0 ? '' : ` by ${counted(consumers, 'consumer')}`;
  return `${counted(calls, 'call')}${whose} in ${counted(days, 'day')}`;
}

const takesWords = { reload: 'a gateway reloads for it', 'run-time': 'gateways take it as they run' } as const;

/** Who notices one change, and how many they are. */
export function noticeWords(change: PlannedChange): string {
  const { notice, reach, takes } = change;
  const how = takes === null ? '' : `; ${takesWords[takes]}`;
  if (notice === 'platform') return `noticed by the platform only${how}`;
  if (notice === 'gateways') return `noticed by ${counted(reach.gateways, 'gateway')} and upstreams${how}`;
  const who = reachWords(reach);
  const use = reach.apis > 0 ? trafficWords(reach) : '';
  return [who, use].filter((part) => part !== '').join('; ') + how;
}

/** `4 changes: 1 breaking, 3 neutral`. */
export function headline({ counts, severity }: ChangePlan): string {
  if (severity === null) return 'nothing changes';
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  const total = told.reduce((sum, [, count]) => sum + count, 0);
  return `${counted(total, 'change')}: ${told.map(([name, count]) => `${grouped(count)} ${name}`).join(', ')}`;
}

/** What the whole of it reaches. */
export function overallWords({ reach, units }: ChangePlan): string {
  const changed = units.added + units.changed + units.removed;
  const parts = [reachWords(reach), reach.apis > 0 ? trafficWords(reach) : ''].filter((part) => part !== '');
  return parts.length === 0 ? counted(changed, 'unit') : parts.join('; ');
}

export const shortDigest = (digest: string | null) => (digest === null ? 'nothing' : digest.slice(7, 15));
