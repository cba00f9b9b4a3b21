import { describe, expect, it } from '@jest/globals';
import type { ApiUnit } from '@gitway/contracts';
import { anApi, aGateway, stored } from '../testing/units.ts';
import { check } from './check.ts';
import { inOrder, matchSet } from './routes.ts';

type Match = ApiUnit['route']['match'];
const api = (name: string, match: Match, hosts: string[] = []) =>
  anApi(name, { route: { hosts, basePath: '/x', keepBasePath: false, ...(match === undefined ? {} : { match }) } });
const header = (name: string, value?: string) => ({
  in: 'header' as const,
  name,
  ...(value === undefined ? {} : { value }),
});
const problems = (...apis: ApiUnit[]) => check(stored([aGateway, ...apis]), 'edge').map(({ field }) => field);

describe('routes with conditions', () => {
  it('give APIs that agree in them, in whatever order, one mark', () => {
    const one = matchSet(api('a', [header('x', '1'), header('y')]));
    const other = matchSet(api('b', [header('y'), header('x', '1')]));
    expect(one).toEqual(other);
    expect(matchSet(api('c', [header('y')]))?.mark).not.toBe(one?.mark);
    expect(matchSet(api('d', undefined))).toBeNull();
  });

  it('are asked for from the fewest conditions to the most, each set once', () => {
    const sets = [[header('x'), header('y')], [header('x')], [header('x'), header('y')]].flatMap(
      (match) => matchSet(api('a', match)) ?? [],
    );
    expect(inOrder(sets).map(({ conditions }) => conditions.length)).toEqual([1, 2]);
    expect(inOrder(sets.toReversed())).toEqual(inOrder(sets));
  });

  it('may share host and base path where the conditions differ', () => {
    expect(problems(api('a', [header('x')]), api('b', undefined), api('c', [header('x', '1')]))).toEqual([]);
    expect(problems(api('a', [header('x')]), api('b', [header('x')]))).toEqual(['route']);
  });

  it('have names and values that stay in their place', () => {
    expect(problems(api('a', [header('x)y')]))).toEqual(['route.match[0].name']);
    expect(problems(api('a', [header('x', '}')]))).toEqual(['route.match[0].value']);
    expect(problems(api('a', [header('x', 'a\nb')]))).toEqual(['route.match[0].value']);
    expect(problems(api('a', [header('x', `'} or { always_true`)]))).toEqual([]);
  });
});

describe('hosts of routes', () => {
  it.each(['*.example.com', 'example.com'])('may be %s', (host) => {
    expect(problems(api('a', undefined, [host]))).toEqual([]);
  });

  it.each(['*', '*.', '**.example.com', 'a.*.example.com', '*.*.com', '*example.com'])('may not be %s', (host) => {
    expect(problems(api('a', undefined, [host]))).toEqual(['route.hosts[0]']);
  });
});
