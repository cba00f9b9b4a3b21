import { describe, expect, it } from '@jest/globals';
import { overlappingPaths } from './path-overlap.ts';

const get = (...paths: string[]) => paths.sort().map((path) => ({ id: path, method: 'GET', path }));

describe('overlappingPaths', () => {
  it('finds templates that describe a common path, neither being the more concrete', () => {
    expect(overlappingPaths(get('/{a}/x', '/y/{b}'))).toEqual([
      { method: 'GET', path: '/{a}/x', other: '/y/{b}', example: '/y/x' },
    ]);
    expect(overlappingPaths(get('/a/{b}/c/{d}', '/a/b/{c}/{d}'))).toHaveLength(1);
  });

  it.each([
    ['a literal and a parameter', ['/pets/{id}', '/pets/mine']],
    ['other lengths', ['/{a}/x', '/y/{b}/z']],
    ['nothing in common', ['/{a}/x', '/y/z', '/y/{b}/x']],
    ['a part of a segment', ['/{id}.json', '/a{b}']],
    ['equal templates, which another rule is about', ['/pets/{a}', '/pets/{b}']],
    ['the root', ['/', '/{a}']],
  ])('lets %s pass', (_, paths) => {
    expect(overlappingPaths(get(...paths))).toEqual([]);
  });

  it('lets other methods pass', () => {
    const operations = [
      { id: 'a', method: 'GET', path: '/y/{b}' },
      { id: 'b', method: 'POST', path: '/{a}/x' },
    ];
    expect(overlappingPaths(operations)).toEqual([]);
  });

  it('is bounded for thousands of templates that all overlap', () => {
    const paths = Array.from({ length: 4_000 }, (_, number) => {
      const bits = number.toString(2).padStart(12, '0');
      return bits
        .split('')
        .map((bit, place) => (bit === '1' ? `/{p${place}}` : `/s${place}`))
        .join('');
    });
    expect(overlappingPaths(get(...paths))).toHaveLength(20);
  });
});
