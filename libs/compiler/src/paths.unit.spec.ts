import { describe, expect, it } from '@jest/globals';
import { resolvePath, resolveReference, shownReference } from './paths.ts';

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

describe('resolveReference', () => {
  const remote = 'https://specs.example.com/pets/v1/openapi.yaml?raw=1';
  it.each([
    ['apis/a.yaml', 'https://EXAMPLE.com:443/x/../y.yaml#/a', 'https://example.com/y.yaml'],
    ['apis/a.yaml', 'http://example.com/y%20z.yaml', 'http://example.com/y%20z.yaml'],
    ['apis/a.yaml', 'https:\\\\example.com\\y.yaml', 'https://example.com/y.yaml'],
    ['apis/a.yaml', './b.yaml', 'apis/b.yaml'],
    [remote, './b.yaml', 'https://specs.example.com/pets/v1/b.yaml'],
    [remote, '../../../../b.yaml', 'https://specs.example.com/b.yaml'],
    [remote, '%2e%2e/b.yaml', 'https://specs.example.com/pets/b.yaml'],
    [remote, '/b.yaml', 'https://specs.example.com/b.yaml'],
    [remote, '//other.example.com/b.yaml', 'https://other.example.com/b.yaml'],
    [remote, 'http://127.0.0.1/b.yaml', 'http://127.0.0.1/b.yaml'],
  ])('from %s, %s is %s', (from, reference, path) => {
    expect(resolveReference(from, reference)).toEqual({ path });
  });

  it.each([
    ['a.yaml', 'file:///etc/passwd', 'scheme'],
    ['a.yaml', 'ftp://example.com/a.yaml', 'scheme'],
    ['a.yaml', 'data:text/yaml,a', 'scheme'],
    ['a.yaml', 'javascript:1', 'scheme'],
    [remote, 'file:///etc/passwd', 'scheme'],
    [remote, 'data:,a', 'scheme'],
    ['a.yaml', 'https://user@example.com/a.yaml', 'credentials'],
    ['a.yaml', 'https://:secret@example.com/a.yaml', 'credentials'],
    [remote, '//user:secret@example.com/a.yaml', 'credentials'],
    ['a.yaml', '//example.com/a.yaml', 'malformed'],
    ['a.yaml', 'https://', 'malformed'],
    ['a.yaml', `https://example.com/${'a'.repeat(2_000)}`, 'malformed'],
    ['a.yaml', '../b.yaml', 'outside'],
  ])('from %s, %s is refused: %s', (from, reference, refused) => {
    expect(resolveReference(from, reference)).toEqual({ refused });
  });

  it('shows no password, and not more than a line of what it was given', () => {
    expect(shownReference('https://user:secret@example.com/a.yaml')).toBe('https://…@example.com/a.yaml');
    expect(shownReference('x'.repeat(500))).toHaveLength(120);
  });
});
