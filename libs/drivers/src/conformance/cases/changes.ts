import type { ApiOf, ConformanceCase } from '../case.ts';
import { day, get, keyAuth, reaches, refused } from './shorthand.ts';

const alone = 'another snapshot is applied';
const closed: ApiOf = { policy: { auth: keyAuth } };
const planned: ApiOf = { plans: ['gold'], policy: { auth: keyAuth } };
const gold = { gold: {} };

/** One snapshot in the place of another: what was is over, and nothing else changes. */
export const changes: readonly ConformanceCase[] = [
  {
    id: 'change-api-added',
    shows: 'serves an API that is added, and goes on serving the others',
    covers: [],
    alone,
    apis: { one: { route: { basePath: '/one' } } },
    steps: [
      get('/one/x', reaches({ path: '/x' })),
      get('/two/x', refused(404)),
      {
        apply: {
          apis: { one: { route: { basePath: '/one' } }, two: { route: { basePath: '/two' }, pools: [{ to: ['b'] }] } },
        },
      },
      get('/one/x', reaches({ name: 'a' })),
      get('/two/x', reaches({ name: 'b' })),
    ],
  },
  {
    id: 'change-api-removed',
    shows: 'serves an API that is removed no longer, and what it hid is seen again',
    covers: [],
    alone,
    apis: {
      all: { route: { basePath: '/' } },
      inner: { route: { basePath: '/inner' }, pools: [{ to: ['b'] }] },
    },
    steps: [
      get('/inner/x', reaches({ name: 'b', path: '/x' })),
      { apply: { apis: { all: { route: { basePath: '/' } } } } },
      get('/inner/x', reaches({ name: 'a', path: '/inner/x' })),
    ],
  },
  {
    id: 'change-base-path',
    shows: 'moves an API to another path and host',
    covers: [],
    alone,
    api: { route: { basePath: '/old' } },
    steps: [
      get('/old/x', reaches({ path: '/x' })),
      { apply: { api: { route: { hosts: ['moved'], basePath: '/new' } } } },
      get('/new/x', reaches({ path: '/x' }), { host: 'moved.{{host}}' }),
      get('/old/x', refused(404)),
      get('/new/x', refused(404)),
    ],
  },
  {
    id: 'change-key-removed',
    shows: 'knows a key that is taken out no longer, and one that is put in',
    covers: ['consumer keyHashes'],
    alone,
    api: closed,
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({}), { as: 'alice' }),
      get('/x', refused(401), { as: 'bob' }),
      { apply: { api: closed, consumers: { bob: {} } } },
      get('/x', refused(401), { as: 'alice' }),
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.bob}}' } }), { as: 'bob' }),
    ],
  },
  {
    id: 'change-consumer-suspended',
    shows: 'refuses a consumer once it is suspended, and lets it in again afterwards',
    covers: ['consumer suspended'],
    alone,
    api: closed,
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({}), { as: 'alice' }),
      { apply: { api: closed, consumers: { alice: { suspended: true } } } },
      get('/x', refused(403), { as: 'alice' }),
      { apply: { api: closed, consumers: { alice: {} } } },
      get('/x', reaches({}), { as: 'alice' }),
    ],
  },
  {
    id: 'change-plan',
    shows: 'lets in who has subscribed since, and no longer who has not any more',
    covers: ['consumer plans', 'api plans'],
    alone,
    api: planned,
    plans: gold,
    consumers: { alice: { plans: ['gold'] }, bob: {} },
    steps: [
      get('/x', reaches({}), { as: 'alice' }),
      get('/x', refused(403), { as: 'bob' }),
      { apply: { api: planned, plans: gold, consumers: { alice: {}, bob: { plans: ['gold'] } } } },
      get('/x', refused(403), { as: 'alice' }),
      get('/x', reaches({}), { as: 'bob' }),
    ],
  },
  {
    id: 'change-auth',
    shows: 'closes an open API, and opens it again',
    covers: [],
    alone,
    api: {},
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({})),
      { apply: { api: closed, consumers: { alice: {} } } },
      get('/x', refused(401)),
      get('/x', reaches({}), { as: 'alice' }),
      { apply: { api: {}, consumers: { alice: {} } } },
      get('/x', reaches({})),
    ],
  },
  {
    id: 'change-weights',
    shows: 'takes all calls from one pool to another',
    covers: ['api pools.weight'],
    alone,
    api: {
      pools: [
        { name: 'stable', weight: 100, to: ['a'] },
        { name: 'canary', weight: 0, to: ['b'] },
      ],
    },
    steps: [
      { send: 'GET /x', times: 30, expect: reaches({ name: 'a' }) },
      {
        apply: {
          api: {
            pools: [
              { name: 'stable', weight: 0, to: ['a'] },
              { name: 'canary', weight: 100, to: ['b'] },
            ],
          },
        },
      },
      { send: 'GET /x', times: 30, expect: reaches({ name: 'b' }) },
    ],
  },
  {
    id: 'change-retired',
    shows: 'answers 410 once an API is retired',
    covers: [],
    alone,
    api: {},
    steps: [get('/x', reaches({})), { apply: { api: { lifecycle: 'retired' } } }, get('/x', refused(410))],
  },
  {
    id: 'change-limit-raised',
    shows: 'goes on counting where it was when a limit is raised',
    covers: ['api policy.rateLimits.requests'],
    alone,
    api: { policy: { rateLimits: [{ requests: 2, windowMs: day, by: 'ip' }] } },
    steps: [
      { settled: true },
      { send: 'GET /x', sequence: [200, 200, 429] },
      { apply: { api: { policy: { rateLimits: [{ requests: 4, windowMs: day, by: 'ip' }] } } } },
      { settled: true },
      { send: 'GET /x', sequence: [200, 200, 429] },
    ],
  },
  {
    id: 'change-operations',
    shows: 'serves an operation once it is declared',
    covers: ['api route.onlyDeclaredOperations'],
    alone,
    api: { route: { onlyDeclaredOperations: true }, operations: ['one GET /one'] },
    steps: [
      get('/one', reaches({})),
      get('/two', refused(404)),
      { apply: { api: { route: { onlyDeclaredOperations: true }, operations: ['one GET /one', 'two GET /two'] } } },
      get('/two', reaches({})),
      { apply: { api: { route: { onlyDeclaredOperations: true }, operations: ['two GET /two'] } } },
      get('/one', refused(404)),
    ],
  },
  {
    id: 'change-call-under-way',
    shows: 'brings a call that is under way to its end',
    covers: [],
    alone,
    api: { pools: [{ to: ['a'] }] },
    steps: [
      {
        send: 'GET /x',
        upstream: { afterApply: true },
        during: { api: { pools: [{ to: ['b'] }] } },
        expect: reaches({ name: 'a' }),
      },
      { send: 'GET /x', times: 5, expect: reaches({ name: 'b' }) },
    ],
  },
];
