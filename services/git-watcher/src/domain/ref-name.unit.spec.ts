import { describe, expect, it } from '@jest/globals';
import { branchRef } from './ref-name.ts';

describe('a branch', () => {
  it.each(['main', 'feature/x', 'release-1.2', 'größe', '@x', 'x/y.z'])('%s is taken', (branch) => {
    expect(branchRef(branch)).toBe(`refs/heads/${branch}`);
  });

  it.each([
    ['', 'empty'],
    ['-x', 'option'],
    ['--upload-pack=x', 'option'],
    ['a b', 'space'],
    ['a\nb', 'control'],
    ['a..b', '".."'],
    ['a@{b', '"@\\{"'],
    ['@', '"@\\{"'],
    ['a*', 'one of'],
    ['+a:b', 'one of'],
    ['/a', 'empty part'],
    ['a//b', 'empty part'],
    ['a/', 'empty part'],
    ['.a', '"."'],
    ['a/.b', '"."'],
    ['a.lock', '".lock"'],
    ['a.lock/b', '".lock"'],
    ['a.', 'ends with'],
    ['x'.repeat(241), 'longer'],
  ])('%j is refused', (branch, reason) => {
    expect(() => branchRef(branch)).toThrow(new RegExp(reason));
  });
});
