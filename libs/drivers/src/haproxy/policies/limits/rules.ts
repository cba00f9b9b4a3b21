import { mapNamed, request, type Rule } from '../../rule.ts';
import { safe } from '../../syntax.ts';
import type { Counter, Sharer } from './counters.ts';
import { type Entry, identity } from './layout.ts';

/** An entry as one call tracks it. */
export interface Tracked {
  readonly entry: Entry;
  /** 0 to 2. */
  readonly slot: number;
  /** Gateways whose counts are added. */
  readonly peers: readonly string[];
}

const FAR = 2_147_483_648;

/** Begins to track an entry; counts nothing yet. */
export function trackRules({ entry, slot, peers }: Tracked, known: boolean, when: readonly string[]): Rule[] {
  const { sharer, mark, table } = entry;
  const variable = `txn.sharer${slot}`;
  const rules = sharerRules(sharer, variable, known, when);
  const parts = [`,concat(|${mark}|${sharer.by}|,${variable})`];
  if (sharer.perOperation) parts.push(',concat(|,txn.op)');
  return [
    ...rules,
    request('count', `set-var(txn.entry${slot}) var(txn.api)${parts.join('')}`, ...when),
    // Each gateway writes entries of its own, or the last word would win; the others' are read.
    ...peers.map((peer, index) =>
      request(
        'count',
        `set-var(txn.entry${slot}_${index}) var(txn.entry${slot}),concat(|${safe('name', peer)})`,
        ...when,
      ),
    ),
    ...(peers.length > 0
      ? [request('count', `set-var(txn.entry${slot}) var(txn.entry${slot}),concat(|,proc.self)`, ...when)]
      : []),
    request('count', `track-sc${slot} var(txn.entry${slot}) table gitway/${table}`, ...when),
  ];
}

/** Whose calls share the entry. `consumer` falls back to the address, marked, where nobody is authenticated. */
function sharerRules({ by, header }: Sharer, variable: string, known: boolean, when: readonly string[]): Rule[] {
  const set = (value: string, ...more: string[]) => request('count', `set-var(${variable}) ${value}`, ...when, ...more);
  const address = (...more: string[]) => request('count', `set-var-fmt(${variable}) @%[src]`, ...when, ...more);
  if (by === 'api') return [set('str(all)')];
  if (by === 'ip') return [address()];
  if (by === 'plan') return [set('str(none)'), set('var(txn.plan)', '{ var(txn.plan) -m found }')];
  // A value may be longer than a key.
  if (by === 'header') return [set(`req.fhdr(${safe('header', header ?? '')}),sha1,hex`)];
  if (!known) return [address()];
  return [set('var(txn.consumer)'), address('!{ var(txn.consumer) -m found }')];
}

/** A counter of the call: how it is read and refused, and how it is counted once nothing refuses. */
export interface CounterRules {
  readonly check: readonly Rule[];
  readonly count: readonly Rule[];
}

export function counterRules(
  counter: Counter,
  { entry, slot, peers }: Tracked,
  follows: boolean,
  when: readonly string[],
): CounterRules {
  const place = entry.places.get(identity(counter)) ?? 0;
  const at: At = {
    first: `${2 * place}`,
    second: `${2 * place + 1}`,
    slot,
    name: `${slot}_${place}`,
    table: entry.table,
    peers,
    follows,
    when,
  };
  if (counter.kind === 'bucket') return bucketRules(counter, at);
  return windowRules(counter, at);
}

interface At {
  readonly first: string;
  readonly second: string;
  readonly slot: number;
  readonly name: string;
  readonly table: string;
  readonly peers: readonly string[];
  /** Whether a counter was told before it. */
  readonly follows: boolean;
  readonly when: readonly string[];
}

/** What says which window it is, and when it ends, in milliseconds from now. */
function windowOf(counter: Exclude<Counter, { kind: 'bucket' }>): { number: string; leftMs: string; label: string } {
  const left = (ms: number, shift = 0) => `date(0,ms)${shift === 0 ? '' : `,add(${shift})`},mod(${ms}),neg,add(${ms})`;
  if (counter.kind === 'window') {
    const { windowMs } = counter;
    return { number: `date(0,ms),div(${windowMs}),and(2147483647)`, leftMs: left(windowMs), label: labelOf(windowMs) };
  }
  const day = 86_400_000;
  if (counter.per === 'day') return { number: `date(0,ms),div(${day})`, leftMs: left(day), label: 'day' };
  // The first day of 1970 was a Thursday; weeks begin on Monday (ISO 8601).
  if (counter.per === 'week') {
    return { number: `date(0,ms),add(${3 * day}),div(${7 * day})`, leftMs: left(7 * day, 3 * day), label: 'week' };
  }
  const ends = `date,utime(%Y%m),map_str_int(${mapNamed('months')})`;
  return { number: 'date,utime(%Y%m)', leftMs: `${ends},sub(txn.now_s),mul(1000)`, label: 'month' };
}

/** What a limit is called in the fields that callers read, and how it is stated there. */
export const policyOf = (counter: Counter): string => {
  if (counter.kind === 'period') {
    const seconds = { day: 86_400, week: 604_800, month: null }[counter.per];
    return `"${counter.per}";q=${counter.requests}${seconds === null ? '' : `;w=${seconds}`}`;
  }
  return `"${labelOf(counter.windowMs)}";q=${counter.requests};w=${Math.max(1, Math.round(counter.windowMs / 1000))}`;
};

const labelOf = (windowMs: number): string => {
  const names: Record<number, string> = { 1000: 'second', 60_000: 'minute', 3_600_000: 'hour', 86_400_000: 'day' };
  return names[windowMs] ?? `${windowMs}ms`;
};

/** Fixed windows, exact on one thread: the number of the window stands beside the count. */
function windowRules(counter: Exclude<Counter, { kind: 'bucket' }>, at: At): CounterRules {
  const { first, second, slot, name, peers, when } = at;
  const all = `var(txn.${peers.length > 0 ? 'a' : 'n'}${name})`;
  const { number, leftMs, label } = windowOf(counter);
  const rule = (act: string, ...more: string[]) => request('count', act, ...when, ...more);
  const seconds = `${leftMs},add(999),div(1000)`;
  return {
    check: [
      ...(counter.kind === 'period' && counter.per === 'month' ? [rule('set-var(txn.now_s) date')] : []),
      rule(`set-var(txn.w${name}) ${number}`),
      rule(`set-var(txn.n${name}) int(0)`),
      rule(
        `set-var(txn.n${name}) sc_get_gpt(${second},${slot})`,
        `{ sc_get_gpt(${first},${slot}),sub(txn.w${name}) -m int eq 0 }`,
      ),
      ...countOfPeers(at),
      ...refusal(label, seconds, [...when, `{ ${all} -m int ge ${counter.requests} }`]),
    ],
    count: [
      rule(`sc-set-gpt(${first},${slot}) var(txn.w${name})`),
      rule(`sc-set-gpt(${second},${slot}) var(txn.n${name}),add(1)`),
      told(label, `int(${counter.requests - 1}),sub(txn.${peers.length > 0 ? 'a' : 'n'}${name})`, seconds, at),
    ],
  };
}

/** What all gateways have counted in the same window, as far as they have told each other. */
function countOfPeers({ first, second, name, slot, table, peers, when }: At): Rule[] {
  if (peers.length === 0) return [];
  const rule = (act: string, ...more: string[]) => request('count', act, ...when, ...more);
  return [
    rule(`set-var(txn.a${name}) var(txn.n${name})`),
    ...peers.flatMap((_, index) => {
      const of = (number: string) => `var(txn.entry${slot}_${index}),table_gpt(${number},gitway/${table})`;
      return [
        rule(`set-var(txn.p${name}) ${of(second)}`),
        rule(
          `set-var(txn.a${name}) var(txn.a${name}),add(txn.p${name})`,
          `{ ${of(first)},sub(txn.w${name}) -m int eq 0 }`,
        ),
      ];
    }),
  ];
}

/**
 * A generic cell rate algorithm: each call moves the time at which the next one is due by the steady interval, and a
 * call may come `burst` intervals early. The time is held in microseconds, as two numbers of 31 bits.
 */
function bucketRules(counter: Extract<Counter, { kind: 'bucket' }>, at: At): CounterRules {
  const { first, second, slot, name, when } = at;
  const interval = Math.max(1, Math.round((counter.windowMs * 1000) / counter.requests));
  const early = interval * counter.burst;
  const rule = (act: string, ...more: string[]) => request('count', act, ...when, ...more);
  const wait = `var(txn.d${name}),sub(txn.now_us)`;
  const label = labelOf(counter.windowMs);
  return {
    check: [
      rule('set-var(txn.now_us) date(0,us)'),
      rule(`set-var(txn.l${name}) sc_get_gpt(${second},${slot})`),
      rule(`set-var(txn.d${name}) sc_get_gpt(${first},${slot}),mul(${FAR}),add(txn.l${name})`),
      rule(`set-var(txn.d${name}) var(txn.now_us)`, `{ ${wait} -m int lt 0 }`),
      ...refusal(label, `${wait},sub(${early}),add(999999),div(1000000)`, [...when, `{ ${wait} -m int gt ${early} }`]),
    ],
    count: [
      told(label, `${wait},neg,add(${early}),div(${interval})`, `${wait},add(${interval + 999_999}),div(1000000)`, at),
      rule(`set-var(txn.d${name}) var(txn.d${name}),add(${interval})`),
      rule(`sc-set-gpt(${first},${slot}) var(txn.d${name}),div(${FAR})`),
      rule(`sc-set-gpt(${second},${slot}) var(txn.d${name}),mod(${FAR})`),
    ],
  };
}

/** 429 with the time to wait, and the limit that was reached (`draft-ietf-httpapi-ratelimit-headers`). */
function refusal(label: string, seconds: string, when: readonly string[]): Rule[] {
  return [
    request('count', `set-var(txn.retry_after) ${seconds}`, ...when),
    request('count', `set-var-fmt(txn.ratelimit) '"${label}";r=0;t=%[var(txn.retry_after)]'`, ...when),
    request('count', 'deny deny_status 429', ...when),
  ];
}

/** Adds what is left to the field that the caller is told. */
function told(label: string, left: string, seconds: string, { when, follows }: At): Rule {
  const before = follows ? '%[var(txn.ratelimit)], ' : '';
  return request('count', `set-var-fmt(txn.ratelimit) '${before}"${label}";r=%[${left}];t=%[${seconds}]'`, ...when);
}

export const concurrencyRules = (requests: number, slot: number, when: readonly string[]): Rule[] => {
  const full = [...when, `{ sc${slot}_conn_cur gt ${requests} }`];
  return [
    request('count', 'set-var(txn.retry_after) int(1)', ...full),
    request('count', 'deny deny_status 429', ...full),
  ];
};
