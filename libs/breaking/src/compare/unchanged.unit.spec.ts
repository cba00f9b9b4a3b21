import { describe, expect, it } from '@jest/globals';
import { Resolver } from '../document/resolver.ts';
import { Unchanged } from './unchanged.ts';

const documentOf = (schemas: object, openapi = '3.0.3') => ({ openapi, components: { schemas } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const between = (base: Record<string, unknown>, revision: Record<string, unknown>) =>
  new Unchanged(new Resolver(base), new Resolver(revision));

describe('what says the same', () => {
  const none = between(documentOf({}), documentOf({}));

  it.each<[string, unknown, unknown, boolean]>([
    ['nothing and nothing', undefined, undefined, true],
    ['something and nothing', {}, undefined, false],
    ['other words about it', { type: 'string', title: 'a' }, { type: 'string', description: 'b' }, true],
    ['a property that is called like a word', { properties: { title: {} } }, { properties: {} }, false],
    ['another property of that name', { properties: { title: { type: 'a' } } }, { properties: { title: {} } }, false],
    ['a value with a member called like a word', { default: { title: 'a' } }, { default: { title: 'b' } }, false],
    ['one more member', { a: 1 }, { a: 1, b: 1 }, false],
    ['one member under another name', { a: 1 }, { b: 1 }, false],
    ['a list in another order', { required: ['a', 'b'] }, { required: ['b', 'a'] }, false],
    ['a list and an object', { a: [] }, { a: {} }, false],
    ['a name that every object has', { a: 1 }, JSON.parse('{"__proto__":1}'), false],
  ])('%s', (_name, left, right, same) => {
    expect(none.values(left, right)).toBe(same);
    expect(none.values(right, left)).toBe(same);
  });

  it('counts what a reference leads to, however far and round', () => {
    const schemas = (type: string) => ({
      A: { properties: { b: ref('B'), a: ref('A') } },
      B: { items: ref('C') },
      C: { type, properties: { a: ref('A') } },
      D: { items: ref('D') },
      E: { items: ref('Nowhere') },
    });
    const changed = between(documentOf(schemas('string')), documentOf(schemas('integer')));
    const same = ['D', 'A', 'E', 'C', 'B'].filter((name) => changed.values(ref(name), ref(name)));
    expect(same).toEqual(['D', 'E']);
    const all = between(documentOf(schemas('string')), documentOf(schemas('string')));
    expect(Object.keys(schemas('string')).every((name) => all.ref(ref(name).$ref))).toBe(true);
  });

  it('is never sure between two versions of the language', () => {
    expect(between(documentOf({}), documentOf({}, '3.1.0')).values({}, {})).toBe(false);
  });

  it('reads what is nested deeper than a stack', () => {
    const deep = () => {
      let value: object = {};
      for (let depth = 0; depth < 50_000; depth++) value = { items: value };
      return value;
    };
    expect(none.values(deep(), deep())).toBe(true);
  });
});
