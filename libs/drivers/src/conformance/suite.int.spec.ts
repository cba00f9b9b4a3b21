import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Capability, GatewayDriver } from '../driver.ts';
import { unsupportedFields } from '../unsupported.ts';
import type { ConformanceCase } from './case.ts';
import { get, reaches, withPolicy } from './cases/shorthand.ts';
import { naiveRunner } from './testing/naive-runner.ts';
import { runSuite, type SuiteReport } from './testing/run-suite.ts';

const capabilities: readonly Capability[] = [
  { field: 'api route.hosts', support: 'native', how: 'a comparison' },
  { field: 'api route.basePath', support: 'native', how: 'a comparison' },
  { field: 'api route.keepBasePath', support: 'native', how: 'said, and not done' },
  { field: 'api policy.cors', support: 'no', how: 'not here' },
  { field: 'api policy.ip', support: 'no', how: 'not here' },
];
/** Refuses CORS as its table says, and forgets addresses. */
const check: GatewayDriver['check'] = (units, gateway) =>
  unsupportedFields(units, gateway, capabilities).filter(({ field }) => field !== 'policy.ip');

const cases: readonly ConformanceCase[] = [
  {
    id: 'path',
    shows: 'takes a base path off',
    covers: ['api route.basePath', 'api owner'],
    api: { owner: 'pets', route: { basePath: '/pets' } },
    steps: [get('/pets/7', reaches({ name: 'a', path: '/7' })), get('/dogs', { status: 404, upstream: null })],
  },
  {
    id: 'kept',
    shows: 'keeps a base path',
    covers: ['api route.keepBasePath'],
    api: { route: { basePath: '/pets', keepBasePath: true } },
    steps: [get('/pets/7', reaches({ path: '/pets/7' }))],
  },
  {
    id: 'cors',
    shows: 'knows CORS',
    covers: ['api policy.cors.origins'],
    api: withPolicy({
      cors: { origins: ['*'], methods: [], headers: [], exposeHeaders: [], credentials: false, maxAgeMs: 0 },
    }),
    steps: [get('/', 200)],
  },
  {
    id: 'addresses',
    shows: 'keeps addresses out',
    covers: ['api policy.ip.deny'],
    api: withPolicy({ ip: { deny: ['127.0.0.0/8'] } }),
    steps: [get('/', 403)],
  },
  {
    id: 'no-unit',
    shows: 'is no unit',
    covers: [],
    api: { route: { basePath: 'no-slash' }, pools: [] },
    steps: [get('/', 200)],
  },
  {
    id: 'changed',
    shows: 'takes another snapshot',
    covers: [],
    alone: 'another snapshot is applied',
    api: {},
    steps: [
      get('/', reaches({ name: 'a' })),
      { apply: { api: { pools: [{ to: ['b'] }] } } },
      get('/', reaches({ name: 'b' })),
    ],
  },
  {
    id: 'wrong',
    shows: 'is expected to do what it does not',
    covers: [],
    api: { pools: [{ to: ['a'] }] },
    steps: [
      {
        send: 'GET /',
        times: 60,
        upstream: { status: 201, headers: { 'x-own': 'yes' } },
        expect: {
          status: 200,
          headers: { 'x-own': null, 'x-other': 'yes' },
          body: 'b',
          problem: true,
          upstream: { name: 'b', times: 2 },
        },
        shares: { a: 0.5 },
        counts: { 200: 1 },
      },
    ],
  },
];

describe('the suite', () => {
  let report: SuiteReport;
  const outcome = (id: string) => report.cases.get(id);
  beforeAll(async () => {
    report = await runSuite(naiveRunner(capabilities, check), cases, { patienceMs: 500, mutantPatienceMs: 500 });
  });

  it('passes what is done, also after a change', () => {
    expect(outcome('path')).toEqual({ kind: 'passed' });
    expect(outcome('changed')).toEqual({ kind: 'passed' });
  });

  it('fails what is said and not done', () => {
    expect(outcome('kept')).toEqual({
      kind: 'failed',
      problems: ['step 1: path at the upstream is "/7", not "/pets/7"'],
    });
  });

  it('asks for a refusal where the table refuses, and for the whole of it', () => {
    expect(outcome('cors')).toEqual({ kind: 'refused', fields: ['policy.cors'] });
    expect(outcome('addresses')).toEqual({
      kind: 'failed',
      problems: ['check does not refuse what the table does: policy.ip: not here'],
    });
  });

  it('runs no case that is no snapshot', () => {
    expect(outcome('no-unit')).toMatchObject({ kind: 'failed' });
  });

  it('tells all that differs', () => {
    const { problems } = outcome('wrong') as { problems: readonly string[] };
    expect(problems.join('\n')).toMatch(/status is 201, not 200/);
    expect(problems.join('\n')).toMatch(/header x-own is there/);
    expect(problems.join('\n')).toMatch(/header x-other is missing/);
    expect(problems.join('\n')).toMatch(/content-type is text\/plain, not a problem/);
    expect(problems.join('\n')).toMatch(/a answered 1 of the calls, not 0.5/);
  });

  it('knows a case that does not need what it covers', () => {
    expect(report.mutants.get('api route.basePath')?.get('path')).toBe('killed');
    expect(report.mutants.get('api owner')?.get('path')).toBe('survived');
    expect(report.mutants.get('api policy.cors.origins')?.get('cors')).toBe('refused');
  });
});
