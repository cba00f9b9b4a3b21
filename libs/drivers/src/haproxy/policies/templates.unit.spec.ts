import { describe, expect, it } from '@jest/globals';
import { filled, pathTemplate, type PathTemplate, staysPut } from './templates.ts';

const template = (base: string, text: string): PathTemplate => {
  const made = pathTemplate(base, text);
  if (typeof made === 'string') throw new Error(made);
  return made;
};
const matches = (base: string, text: string, path: string) => new RegExp(template(base, text).pattern).test(path);

describe('path templates', () => {
  it.each([
    ['/shop', '/pets/{id}', '/shop/pets/7', true],
    ['/shop', '/pets/{id}', '/shop/pets/7/', false],
    ['/shop', '/pets/{id}', '/shop/pets/', false],
    ['/shop', '/pets/{id}', '/shop/pets/7/x', false],
    ['/shop', '/pets/{id}', '/x/shop/pets/7', false],
    ['/', '/{file}.json', '/a.json', true],
    ['/', '/{file}.json', '/a_json', false],
    ['/a.b', '/x', '/aXb/x', false],
    ['/', '/a+b(c)', '/a+b(c)', true],
    ['/shop', '/', '/shop', true],
    ['/shop', '/', '/shop/', true],
    ['/shop', '/', '/shops', false],
    ['/', '/', '/', true],
  ])('under %s, %s and %s: %s', (base, text, path, expected) => {
    expect(matches(base, text, path)).toBe(expected);
  });

  it.each(['/{a}{b}', '/{a', '/a}', '/{a}/{a}', '/%', '/a b', "/it's", '/{a},x', '/{a}(x)'])('refuses %s', (text) => {
    expect(typeof pathTemplate('/', text)).toBe('string');
  });

  it('takes values out by counting segments, and puts them in place of their names', () => {
    const of = template('/shop/v1', '/pets/{id}/v-{file}.json');
    expect(filled("/x/{file}/it's/100%/{id}", of)).toBe(
      `'/x/''%[path,field(6,/),bytes(2),regsub([.]json$,)]''/it'\\''s/100%%/''%[path,field(5,/)]'`,
    );
  });

  it.each([
    ['/{id}', '/a/{id}', true],
    ['/{id}', '/a/.{id}', false],
    ['/{id}', '/a/{id}.', false],
    ['/{id}x', '/a/{id}', false],
    ['/{id}x', '/a/{id}-', true],
    ['/{a}/{b}', '/{a}{b}', false],
    ['/{a}', '/../{a}', false],
  ])('of %s, knows whether %s stays put: %s', (from, to, expected) => {
    expect(staysPut(to, template('/', from))).toBe(expected);
  });
});
