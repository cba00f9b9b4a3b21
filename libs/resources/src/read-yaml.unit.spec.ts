import { describe, expect, it } from '@jest/globals';
import { resourceLimits } from './limits.ts';
import { readYaml } from './read-yaml.ts';

const rulesOf = (text: string) =>
  readYaml(text, resourceLimits).documents.flatMap((d) => d.problems.map((p) => p.rule));
const valueOf = (text: string) => readYaml(text, resourceLimits).documents.map((document) => document.value);

describe('readYaml', () => {
  it('reads several documents, JSON, aliases, CRLF', () => {
    expect(valueOf('a: 1\r\nb: [x, y]\r\n---\r\nc: &c {d: e}\r\nf: *c\r\n')).toEqual([
      { a: 1, b: ['x', 'y'] },
      { c: { d: 'e' }, f: { d: 'e' } },
    ]);
    expect(valueOf('{"a": [1, null, true]}')).toEqual([{ a: [1, null, true] }]);
  });

  it.each([
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 'duplicate-key'],
    ['a key that is written in two ways', 'a: 1\n"a": 2\n', 'duplicate-key'],
    ['a merge key', 'a: &a {b: 1}\nc:\n  <<: *a\n', 'yaml-unsupported'],
    ['__proto__', '__proto__: {x: 1}\n', 'yaml-unsupported'],
    ['a key that is a list', '? [a, b]\n: 1\n', 'yaml-unsupported'],
    ['an unknown tag', 'a: !ruby/object {}\n', 'yaml-unsupported'],
    ['an alias inside what it names', 'a: &a [*a]\n', 'yaml-unsupported'],
    ['an open bracket', 'a: [1\n', 'yaml-syntax'],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'yaml-syntax'],
    ['two %YAML directives', '%YAML 1.2\n%YAML 1.2\n---\n', 'yaml-syntax'],
  ])('refuses %s', (_, text, rule) => {
    expect(rulesOf(text)).toContain(rule);
  });

  it('gives line and column of a problem', () => {
    const problem = readYaml('a: 1\nb:\n  c: 1\n  c: 2\n', resourceLimits).documents[0]?.problems[0];
    expect(problem?.range).toEqual({ line: 4, column: 3, endLine: 4, endColumn: 4 });
  });

  it.each([
    ['brackets', '['.repeat(400_000)],
    ['dashes', `${'- '.repeat(300_000)}a`],
    ['question marks', `${'? '.repeat(300_000)}a`],
    ['indentation', Array.from({ length: 1300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['commas', `[${','.repeat(900_000)}]`],
    ['documents', '---\na: 1\n'.repeat(90_000)],
    [
      'a billion laughs',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...'bcdefghij'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`),
      ].join('\n'),
    ],
  ])('refuses a bomb of %s in bounded time', (_, text) => {
    expect(rulesOf(text)).toContain('document-too-complex');
  });

  it('says on which line the nesting is too deep', () => {
    const problems = readYaml(`# one\n# two\na: ${'['.repeat(100)}`, resourceLimits).documents.flatMap(
      (d) => d.problems,
    );
    expect(problems.map(({ rule, range }) => [rule, range.line])).toEqual([['document-too-complex', 3]]);
  });
});
