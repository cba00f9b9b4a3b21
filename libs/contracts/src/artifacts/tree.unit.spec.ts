import { describe, expect, it } from '@jest/globals';
import { isReadFile } from './tree.ts';

describe('files whose content is kept', () => {
  it.each([
    ['apis/pets.yaml', true],
    ['certs/edge.PEM', true],
    ['.gitwayignore', true],
    ['apis/.gitwayignore', false],
    ['style/functions/title.js', true],
    ['functions/lib/title.mjs', true],
    ['.spectral/title.cjs', true],
    ['src/index.js', false],
    ['functions.js', false],
    ['node_modules/x/functions/y.js', false],
    ['functions/node_modules/x/y.js', false],
    ['functions/title.ts', false],
    ['README.md', false],
  ])('%s: %s', (path, kept) => {
    expect(isReadFile(path)).toBe(kept);
  });
});
