import { limitTable } from '../../names.ts';
import type { SharedLines } from '../../policy.ts';
import { shortDigest } from '../../scope.ts';
import { type Counter, type CounterSet, type Sharer, spanMs } from './counters.ts';

/** Where a counter stands: an entry's slots `2 × place` and `2 × place + 1`. */
export interface Entry {
  readonly sharer: Sharer;
  readonly table: string;
  /** Begins the entry's key after the API's name: other counters, other entries. */
  readonly mark: string;
  readonly places: ReadonlyMap<string, number>;
}

/** What makes two counters one: a limit that is raised goes on counting where it was. */
export const identity = (counter: Counter): string =>
  [
    counter.plan ?? '',
    counter.kind,
    counter.kind === 'period' ? counter.per : counter.windowMs,
    counter.kind === 'bucket' ? `${counter.requests}/${counter.burst}` : '',
  ].join(':');

export const sharerKey = ({ by, header, perOperation }: Sharer): string => `${by}/${header ?? ''}/${perOperation}`;

/** Lengths of the arrays in a table, so that APIs share tables. */
const SIZES = [4, 8, 16, 32, 64, 100];
export const MOST_COUNTERS = 50;

const MINUTE_MS = 60_000;
/** How long an entry that nobody touches is kept, at least as long as its longest window. */
const KEPT: readonly (readonly [name: string, ms: number])[] = [
  ['minute', 2 * MINUTE_MS],
  ['hour', 61 * MINUTE_MS],
  ['day', 25 * 60 * MINUTE_MS],
  ['week', 8 * 24 * 60 * MINUTE_MS],
  // The longest time that HAProxy can hold, 24.8 days.
  ['month', 2_147_483_647],
];

/** Counters with the same sharer stand in one entry, and so take one of HAProxy's three trackers. */
export function layoutOf(sets: readonly CounterSet[]): ReadonlyMap<string, Entry> {
  const bySharer = new Map<string, Counter[]>();
  for (const counter of sets.flatMap(({ counters }) => counters)) {
    const key = sharerKey(counter.sharer);
    const known = bySharer.get(key);
    if (known === undefined) bySharer.set(key, [counter]);
    else if (!known.some((other) => identity(other) === identity(counter))) known.push(counter);
  }
  return new Map([...bySharer].map(([key, counters]) => [key, entryOf(counters)]));
}

function entryOf(counters: readonly Counter[]): Entry {
  const names = counters.map(identity).sort();
  const longest = Math.max(...counters.map(spanMs));
  const [kept] = KEPT.find(([, ms]) => ms >= longest) ?? KEPT.at(-1) ?? [''];
  const size = SIZES.find((slots) => slots >= 2 * names.length) ?? 100;
  return {
    sharer: (counters[0] as Counter).sharer,
    table: limitTable(kept, size),
    mark: shortDigest(names, 6),
    places: new Map(names.map((name, place) => [name, place])),
  };
}

/** Peers carry the counts over a reload. */
export function tableLines(table: string): SharedLines {
  const [, kept, size] = /^counts_([a-z]+)_(\d+)$/.exec(table) ?? [];
  const ms = KEPT.find(([name]) => name === kept)?.[1];
  return {
    section: 'counters',
    key: table,
    lines: [`    table ${table} type string len 224 size 1m expire ${ms}ms store gpt(${size}),conn_cur`],
  };
}
