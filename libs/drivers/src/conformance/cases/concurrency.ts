import type { EffectivePolicy } from '@gitway/contracts';
import type { ConformanceCase } from '../case.ts';
import { get, keyAuth, withPolicy } from './shorthand.ts';

type Concurrency = NonNullable<EffectivePolicy['concurrency']>;
const field = (name: string) => `api policy.concurrency.${name}`;
const under = (requests: number, by: Concurrency['by'], change: Partial<Concurrency> = {}): Concurrency => ({
  requests,
  by,
  queue: 0,
  queueTimeoutMs: 1000,
  ...change,
});
/** So many calls stay at the upstream until the others were answered. */
const held = (others: number) => ({ upstream: { afterAnswers: others } });

/** How many calls may be under way at a time. */
export const concurrency: readonly ConformanceCase[] = [
  {
    id: 'concurrency-api',
    shows: 'lets so many calls be under way at a time and refuses the others',
    covers: [field('requests')],
    api: withPolicy({ concurrency: under(2, 'api') }),
    steps: [
      { send: 'GET /x', times: 6, atOnce: 6, ...held(4), counts: { 200: 2, 429: 4 } },
      // Those that were answered are not under way any more.
      { send: 'GET /x', times: 6, ...held(0), expect: 200 },
    ],
  },
  {
    id: 'concurrency-consumer',
    shows: 'counts what is under way by consumer',
    covers: [field('requests'), field('by')],
    api: withPolicy({ auth: keyAuth, concurrency: under(1, 'consumer') }),
    consumers: { alice: {}, bob: {} },
    steps: [
      {
        send: { line: 'GET /x', as: '{{turn.alice.bob}}' },
        times: 4,
        atOnce: 4,
        ...held(2),
        counts: { 200: 2, 429: 2 },
      },
    ],
  },
  {
    id: 'concurrency-ip',
    shows: 'counts what is under way by address',
    covers: [field('by')],
    api: withPolicy({ concurrency: under(1, 'ip') }),
    steps: [
      {
        send: { line: 'GET /x', from: '{{turn.127-0-0-11.127-0-0-12}}' },
        times: 4,
        atOnce: 4,
        ...held(2),
        counts: { 200: 2, 429: 2 },
      },
    ],
  },
  {
    id: 'concurrency-header',
    shows: 'counts what is under way by the value of a header',
    covers: [field('by'), field('header')],
    api: withPolicy({ concurrency: under(1, 'header', { header: 'x-tenant' }) }),
    steps: [
      {
        send: { line: 'GET /x', headers: { 'x-tenant': '{{turn.one.two}}' } },
        times: 4,
        atOnce: 4,
        ...held(2),
        counts: { 200: 2, 429: 2 },
      },
    ],
  },
  {
    id: 'concurrency-queue',
    shows: 'has so many calls wait for their turn, and no more',
    covers: [field('queue')],
    api: withPolicy({ concurrency: under(1, 'api', { queue: 2, queueTimeoutMs: 4000 }) }),
    steps: [{ send: 'GET /x', times: 5, atOnce: 5, ...held(2), counts: { 200: 3, 429: 2 } }],
  },
  {
    id: 'concurrency-queue-timeout',
    shows: 'lets nobody wait longer than that',
    covers: [field('queueTimeoutMs')],
    api: withPolicy({ concurrency: under(1, 'api', { queue: 10, queueTimeoutMs: 300 }) }),
    steps: [{ send: 'GET /x', times: 3, atOnce: 3, ...held(2), counts: { 200: 1 } }],
  },
  {
    id: 'concurrency-of-each-api',
    shows: 'counts what is under way for each API apart',
    covers: [],
    apis: {
      one: { route: { basePath: '/one' }, policy: { concurrency: under(1, 'ip') } },
      two: { route: { basePath: '/two' }, policy: { concurrency: under(1, 'ip') } },
    },
    steps: [{ send: 'GET /{{turn.one.two}}', times: 2, atOnce: 2, expect: 200 }, get('/one', 200)],
  },
];
