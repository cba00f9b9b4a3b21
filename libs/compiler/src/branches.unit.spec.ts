import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from './compile-workspace.ts';
import { environment, gateway, permissiveDrivers, workspaceOf } from './testing/workspace.ts';

const promoted = (name: string, from: string, source = '') =>
  environment(name, `  promoteFrom: ${from}\n`).replace('  source: { branch: main }\n', source);
const compile = (documents: string[], branch?: string) =>
  compileWorkspace(workspaceOf({ 'gateway.yaml': gateway, 'environments.yaml': documents.join('---\n') }), {
    drivers: permissiveDrivers,
    ...(branch === undefined ? {} : { branch }),
  });
const namesOn = async (documents: string[], branch: string) =>
  (await compile(documents, branch)).environments.map(({ name }) => name);

describe('the branch of an environment', () => {
  const chain = [
    promoted('c', 'b'),
    environment('a'),
    promoted('b', 'a'),
    promoted('d', 'b', '  source: { branch: next }\n'),
    promoted('e', 'd'),
  ];

  it('is its own, or that of the one that it promotes from', async () => {
    expect(await namesOn(chain, 'main')).toEqual(['a', 'b', 'c']);
    expect(await namesOn(chain, 'next')).toEqual(['d', 'e']);
  });

  it('circles are told at each of their members, and at nobody else', async () => {
    const { findings } = await compile([
      promoted('a', 'b'),
      promoted('b', 'c'),
      promoted('c', 'a'),
      promoted('d', 'a'),
    ]);
    const circles = findings.filter(({ rule }) => rule === 'promotion-circle');
    expect(circles.map(({ where, message }) => [where.object, message])).toEqual([
      ['Environment/a', 'Environments promote from each other in a circle: a ← b ← c ← a.'],
      ['Environment/b', 'Environments promote from each other in a circle: b ← c ← a ← b.'],
      ['Environment/c', 'Environments promote from each other in a circle: c ← a ← b ← c.'],
    ]);
  });

  it('in a circle, is that of the next one that has one', async () => {
    const circle = [
      promoted('a', 'b'),
      promoted('b', 'c', '  source: { branch: next }\n'),
      promoted('c', 'a'),
      promoted('t', 'c', '  source: { branch: tail }\n'),
    ];
    expect(await namesOn(circle, 'next')).toEqual(['a', 'b', 'c']);
    expect(await namesOn(circle, 'tail')).toEqual(['t']);
  });

  it.each([
    ['a chain', 2_000, (index: number) => (index === 0 ? environment('e0') : promoted(`e${index}`, `e${index - 1}`))],
    ['a circle', 2_000, (index: number) => promoted(`e${index}`, `e${(index + 1) % 2_000}`)],
  ])('takes bounded time for %s of %d', async (_, count, document) => {
    const { findings } = await compile(Array.from({ length: count }, (__, index) => document(index)));
    expect(Math.max(0, ...findings.map(({ message }) => message.length))).toBeLessThan(1_000);
  });
});
