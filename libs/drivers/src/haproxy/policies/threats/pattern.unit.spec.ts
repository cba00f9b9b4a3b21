import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from './cost.ts';

/** What becomes of a pattern, as this process reads it. */
function compiled(source: string): RegExp {
  const made = compilePattern(source);
  if (typeof made === 'string') throw new Error(`${source}: ${made}`);
  return new RegExp(made.pattern.replaceAll('\\z', '(?![^])'));
}
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const texts = [
  '',
  'a',
  'ab',
  'aab',
  'b',
  'A',
  'a b',
  'a\nb',
  'x/../y',
  '..',
  'é',
  'aé',
  '<script',
  '{}',
  'a{2',
  '1',
  '_',
  '-',
  ']',
  '\\',
  '\t',
];

describe('patterns of users', () => {
  it.each([
    'a',
    'a|b',
    'ab?',
    'a*b',
    '^a',
    'b$',
    '^a$',
    '(ab)+',
    '(?:a|b)c?',
    '[a-c]',
    '[^a-c]',
    '[a-]',
    '[\\]-]',
    '\\.\\./',
    '.',
    'a.b',
    '\\d',
    '\\w+',
    '\\S',
    '\\bab',
    'a\\B',
    'a{2}',
    'a{1,2}b',
    'a{2',
    '{}',
    '\\{\\}',
    '\\x61',
    'é',
    '',
    '<script',
    '\\\\',
    'a{0}b',
  ])('%s finds what it finds elsewhere', (source) => {
    const here = compiled(source);
    for (const text of texts) {
      expect([text, here.test(bytes(text))]).toEqual([text, new RegExp(bytes(source)).test(bytes(text))]);
    }
  });

  it.each([
    ['(?i)union\\s+select', 'x UNION  Select y', true],
    ['(?i:A)b', 'ab', true],
    ['(?i:A)b', 'aB', false],
    ['(?s)a.b', 'a\nb', true],
    ['(?i)a(?-i)b', 'AB', false],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['(?P<name>a)b', 'ab', true],
    ['[[:digit:]]x', '7x', true],
    ['[^[:alpha:]]', 'a', false],
    ['a\\z', 'a\n', false],
    ['\\x{2e}', '.', true],
    ['(?i)[a-b]', 'B', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
  ])('%s and %j: %s', (source, text, expected) => {
    expect(compiled(source).test(text)).toBe(expected);
  });

  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(?>a)',
    '(a)\\1',
    '\\pL',
    '\\C',
    '\\R',
    '\\K',
    '(*ACCEPT)a',
    'a++',
    'a**',
    '(',
    ')',
    '[',
    '[b-a]',
    '*a',
    'a{2}{3}',
    '(?#x)',
    '(?R)',
    '\\g1',
    '\\0',
    'a{9999}',
    '[é]',
    '[[:no:]]',
  ])('refuses %s, which RE2 does not know or this gateway would read otherwise', (source) => {
    expect(typeof compilePattern(source)).toBe('string');
  });

  it.each([
    '(a+)+b',
    '(a*)*',
    '(a|a)*',
    'x(a|ab)*c',
    '(.*a){20}',
    'xa*a*a*b',
    '(x+x+)+y',
    'x([a-z]+)*1',
    '(a?){50}a{50}',
    '(?:a{1,99}){99}',
    '.+a.+b.+c',
    '(a|b|ab)+c',
  ])('refuses %s, which could take too long', (source) => {
    expect(typeof compilePattern(source)).toBe('string');
  });

  it.each([
    ['<script', 8192],
    ['^/admin.*x', 8192],
    ['(?i)union\\s+select', 2048],
    ['.*evil.*', 8192],
    ['a+b|c+d', 2048],
    ['(\\.\\./){2,}', 2048],
  ])('%s may look at %d bytes', (source, reach) => {
    expect(compilePattern(source)).toMatchObject({ reach });
  });

  it('write nothing that means anything outside of a quoted pattern', () => {
    const alphabet = fc.constantFrom(...'ab1.*+?()[]{}|^$\\-:\'"#%`~ \n\t,;=<>!&@éQEdswDSWbBAzxiP'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 24 }), (source) => {
        const made = compilePattern(source);
        if (typeof made !== 'string') expect(made.pattern).toMatch(/^[A-Za-z0-9\\[\]()?:|{},^$!-]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
