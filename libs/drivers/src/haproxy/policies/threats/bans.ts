import type { EffectivePolicy } from '@gitway/contracts';
import { denial } from '../../answers.ts';
import type { Checker } from '../../checker.ts';
import type { SharedLines } from '../../policy.ts';
import { phases, request, type Rule } from '../../rule.ts';
import { shortDigest } from '../../scope.ts';

export type Bans = NonNullable<NonNullable<EffectivePolicy['threatProtection']>['bans']>;

/** Limits leave the last of HAProxy's three trackers to bans (`limits/index.ts`). */
const SLOT = 2;
const MINUTE_MS = 60_000;

const banned = {
  status: 403,
  slug: 'banned',
  title: 'Too many calls of this caller were refused; try again after the time in Retry-After.',
  headers: " hdr retry-after '%[var(txn.ban_left)]'",
};

export function checkBans(bans: Bans | undefined, field: string, on: Checker): void {
  if (bans === undefined) return;
  on.count(bans.refused, `${field}.bans.refused`);
  on.time(bans.withinMs + MINUTE_MS, `${field}.bans.withinMs`);
  on.time(bans.forMs + MINUTE_MS, `${field}.bans.forMs`);
}

const tableOf = ({ withinMs, forMs }: Bans) => `bans_${withinMs}_${Math.max(withinMs, forMs) + MINUTE_MS}`;

export const banTable = (bans: Bans): SharedLines => {
  const expire = Math.max(bans.withinMs, bans.forMs) + MINUTE_MS;
  return {
    section: 'counters',
    key: tableOf(bans),
    lines: [
      `    table ${tableOf(bans)} type string len 224 size 100k expire ${expire}ms store gpc0,gpc0_rate(${bans.withinMs}),gpt0`,
    ],
  };
};

/** Refuses whoever is shut out: by address at once, by consumer once it is known. */
export function banRules(bans: Bans, when: readonly string[]): Rule[] {
  const mark = shortDigest(bans, 6);
  const table = `gitway/${tableOf(bans)}`;
  const known = '{ var(txn.consumer) -m found }';
  const look = (phase: 'closed' | 'entitle', ...more: string[]) => [
    request(phase, 'set-var(txn.ban_now) date', ...when, ...more),
    request(phase, `set-var(txn.ban_left) var(txn.ban_entry),table_gpt0(${table}),sub(txn.ban_now)`, ...when, ...more),
    request(phase, denial(banned), ...when, ...more, '{ var(txn.ban_left) -m int gt 0 }'),
  ];
  return [
    request('closed', `set-var-fmt(txn.ban_entry) %[var(txn.api)]|${mark}|@%[src]`, ...when),
    ...look('closed'),
    ...(bans.by === 'ip'
      ? []
      : [
          request('entitle', `set-var-fmt(txn.ban_entry) %[var(txn.api)]|${mark}|%[var(txn.consumer)]`, ...when, known),
          ...look('entitle', known),
        ]),
  ];
}

const COUNTED: ReadonlySet<string> = new Set(phases.slice(phases.indexOf('preflight'), phases.indexOf('count') + 1));

/**
 * Counts every refusal in the caller's entry, which is tracked only then; so many of them within the time shut it out.
 * What is refused because the API is closed, or because the caller is shut out already, does not count.
 */
export function counted(rules: readonly Rule[], each: readonly { bans: Bans; when: readonly string[] }[]): Rule[] {
  const own = denial(banned);
  return rules.flatMap((rule) => {
    if (rule.on !== 'request' || !rule.act.startsWith('deny ') || !COUNTED.has(rule.phase) || rule.act === own) {
      return [rule];
    }
    const here = (act: string, ...more: string[]): Rule => ({ ...rule, act, when: [...rule.when, ...more] });
    const counting = each.flatMap(({ bans, when }) => {
      const on = [...when, '{ var(txn.ban_entry) -m found }'];
      const table = `gitway/${tableOf(bans)}`;
      return [
        here(`track-sc${SLOT} var(txn.ban_entry) table ${table}`, ...on),
        here(`sc-inc-gpc0(${SLOT})`, ...on),
        here(
          `sc-set-gpt0(${SLOT}) date,add(${Math.ceil(bans.forMs / 1000) + 1})`,
          ...on,
          `{ sc${SLOT}_gpc0_rate(${table}) ge ${bans.refused} }`,
        ),
      ];
    });
    return [...counting, rule];
  });
}
