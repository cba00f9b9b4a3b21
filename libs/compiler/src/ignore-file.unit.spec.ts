import { describe, expect, it } from '@jest/globals';
import { ignoreMatcher, readIgnoreFile } from './ignore-file.ts';

describe('.gitwayignore', () => {
  const matches = (pattern: string, path: string) => ignoreMatcher(pattern)(path);

  it.each([
    ['templates/', 'templates/a.yaml', true],
    ['templates/', 'x/templates/a.yaml', true],
    ['/templates', 'x/templates/a.yaml', false],
    ['x/templates', 'x/templates/a.yaml', true],
    ['x/templates', 'y/x/templates/a.yaml', false],
    ['*.tpl.yaml', 'a/b.tpl.yaml', true],
    ['*.tpl.yaml', 'a/b.yaml', false],
    ['a/*/c.yaml', 'a/b/c.yaml', true],
    ['a/*/c.yaml', 'a/b/b/c.yaml', false],
    ['a/**/c.yaml', 'a/b/b/c.yaml', true],
    ['a/**/c.yaml', 'a/c.yaml', true],
    ['?.yaml', 'ab.yaml', false],
    ['# a', '# a', false],
    ['\\#a.yaml', '#a.yaml', true],
    ['\\!a.yaml', '!a.yaml', true],
    ['a.yaml  ', 'a.yaml', true],
    ['a.yaml\\ ', 'a.yaml ', true],
    ['*.yaml\n!a.yaml', 'a.yaml', false],
    ['*.yaml\n!a.yaml', 'x/b.yaml', true],
    ['x/\n!x/a.yaml', 'x/a.yaml', true],
    ['x/*\n!x/a.yaml', 'x/a.yaml', false],
    ['/*\n!/apis/', 'apis/a.yaml', false],
    ['/*\n!/apis/', 'other/a.yaml', true],
    ['a.yaml/', 'a.yaml', false],
    ['[a-c]?.yaml', 'b1.yaml', true],
    ['[!a-c].yaml', 'd.yaml', true],
    ['[[:digit:]].yaml', '7.yaml', true],
    ['[a.yaml', '[a.yaml', false],
    ['x/**', 'x/y/a.yaml', true],
    ['x/**', 'x', false],
    ['\uFEFFa.yaml\r\nb.yaml', 'a.yaml', true],
    ['é?.yaml', 'é€.yaml', true],
    ['', '.github/workflows/a.yml', true],
    ['', 'node_modules/x/a.json', true],
    ['', 'a/..file.yaml', false],
    ['', '.pets.yaml', false],
  ])('%j on %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it('takes no longer for patterns that are made to be slow', () => {
    const hostile = Array.from({ length: 200 }, () => `${'*a'.repeat(100)}b`).join('\n');
    const matcher = ignoreMatcher(hostile);
    expect(matcher(`${'a'.repeat(4_000)}.yaml`)).toBe(false);
  });

  it('does not apply what is too long or too much, and counts it', () => {
    expect(readIgnoreFile(`${'a'.repeat(301)}\nb`)).toMatchObject({ leftOut: 1, weight: 1 });
    const many = readIgnoreFile(Array.from({ length: 1_001 }, (_, index) => `${index}.yaml`).join('\n'));
    expect(many.leftOut).toBe(1);
    expect(many.matches('999.yaml')).toBe(true);
    expect(many.matches('1000.yaml')).toBe(false);
  });
});
