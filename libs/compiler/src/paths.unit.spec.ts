import { describe, expect, it } from '@jest/globals';
import { ignoreMatcher, resolvePath } from './paths.ts';

describe('resolvePath', () => {
  it.each([
    ['apis/pets/api.yaml', './openapi.yaml', 'apis/pets/openapi.yaml'],
    ['apis/pets/api.yaml', '../shared/a.yaml', 'apis/shared/a.yaml'],
    ['api.yaml', 'openapi.yaml', 'openapi.yaml'],
    ['a/b.yaml', '..file', 'a/..file'],
    ['a/b.yaml', './/./c/../d.yaml', 'a/d.yaml'],
  ])('%s: %s → %s', (from, reference, path) => {
    expect(resolvePath(from, reference)).toEqual({ path });
  });

  it.each([
    ['../x', 'outside'],
    ['./../../x', 'outside'],
    ['/etc/passwd', 'absolute'],
    ['..\\x', 'absolute'],
    ['file:///etc/passwd', 'remote'],
    ['HTTP://x', 'remote'],
    ['//x/y', 'remote'],
  ])('refuses %s', (reference, refused) => {
    expect(resolvePath('a.yaml', reference)).toEqual({ refused });
  });
});

describe('ignoreMatcher', () => {
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
});
