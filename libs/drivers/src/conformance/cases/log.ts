import type { EffectivePolicy } from '@gitway/contracts';
import type { ConformanceCase } from '../case.ts';
import { get, withPolicy } from './shorthand.ts';

type Log = NonNullable<EffectivePolicy['accessLog']>;
const logged = (change: Partial<Log>): Log => ({ level: 'all', sample: 1, headers: [], audit: 'off', ...change });
const part = (name: string) => `api policy.accessLog.${name}`;
const one = { like: '"status":200' };

/** What is written of a call. */
export const log: readonly ConformanceCase[] = [
  {
    id: 'log-all',
    shows: 'writes a line for every call: its API, status and path',
    covers: [],
    api: { route: { basePath: '/pets' } },
    steps: [
      get('/pets/7?secret=1', {
        status: 200,
        log: { like: '^(?=.*"{{id}}")(?=.*"status":200)(?=.*pets..?7")(?!.*secret)' },
      }),
      { ...get('/pets/8', { status: 500, log: { like: '"status":500' } }), upstream: { status: 500 } },
    ],
  },
  {
    id: 'log-off',
    shows: 'writes nothing of an API whose log is off',
    covers: [part('level')],
    api: withPolicy({ accessLog: logged({ level: 'off' }) }),
    steps: [
      get('/x', { status: 200, log: null }),
      { ...get('/x', { status: 500, log: null }), upstream: { status: 500 } },
    ],
  },
  {
    id: 'log-errors',
    shows: 'writes of errors alone where that is asked for',
    covers: [part('level')],
    api: withPolicy({ accessLog: logged({ level: 'errors' }) }),
    steps: [
      get('/x', { status: 200, log: null }),
      { ...get('/x', { status: 500, log: { like: '"status":500' } }), upstream: { status: 500 } },
    ],
  },
  {
    id: 'log-sample',
    shows: 'writes of a share of the calls, and of every error',
    covers: [part('sample')],
    api: withPolicy({ accessLog: logged({ sample: 0.000001 }) }),
    steps: [
      ...[1, 2, 3].map(() => get('/x', { status: 200, log: null })),
      { ...get('/x', { status: 503, log: { like: '"status":503' } }), upstream: { status: 503 } },
    ],
  },
  {
    id: 'log-headers',
    shows: 'writes the headers that are named, and no others',
    covers: [part('headers')],
    api: withPolicy({ accessLog: logged({ headers: ['x-own'] }) }),
    steps: [
      get(
        '/x',
        { status: 200, log: { like: '^(?=.*its-"?own)(?!.*not-this)' } },
        {
          headers: { 'x-own': 'its-own', 'x-other': 'not-this' },
        },
      ),
    ],
  },
  {
    id: 'log-audit',
    shows: 'marks the calls of an API that is audited',
    covers: [part('audit')],
    apis: {
      plain: { route: { basePath: '/plain' }, policy: { accessLog: logged({}) } },
      audited: { route: { basePath: '/audited' }, policy: { accessLog: logged({ audit: 'metadata' }) } },
    },
    steps: [
      get('/plain', { status: 200, log: { like: '^(?!.*"audit":("metadata"|true|1))' } }),
      get('/audited', { status: 200, log: { like: '"audit":("metadata"|true|1)' } }),
    ],
  },
  {
    id: 'operation-accesslog',
    shows: 'writes nothing of one operation, and of the others',
    covers: ['api policy.operations.accessLog'],
    api: {
      operations: ['one GET /one', 'two GET /two'],
      policy: { operations: { one: { accessLog: logged({ level: 'off' }) } } },
    },
    steps: [get('/one', { status: 200, log: null }), get('/two', { status: 200, log: one })],
  },
];
