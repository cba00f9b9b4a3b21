import { describe, expect, it } from '@jest/globals';
import { documentReferences } from './document-graph.ts';
import { resolveDocument } from './resolve-document.ts';

const to = (reference: string) => ({ $ref: reference });
const read = (files: Record<string, unknown>, root = Object.keys(files)[0]!) => {
  const values = new Map(Object.entries(files));
  const { graph, circular } = documentReferences(root, values);
  const map = (file: string) => ({ ...graph.getNodeData(`/${file}`).refMap });
  return { graph, map, resolved: resolveDocument(root, values, circular) };
};

describe('the references of a document', () => {
  it('are told by file and place, and all that they lead to', () => {
    const { graph, map } = read({
      'a.yaml': { '/x y': to('b.yaml#/P~1Q'), z: to('#/c'), c: { d: 1 }, lost: to('#/nowhere') },
      'b.yaml': { 'P/Q': { r: to('#/S') }, S: {} },
    });
    expect(map('a.yaml')).toEqual({ '#/~1x%20y': '/b.yaml#/P~1Q', '#/z': '#/c' });
    expect(map('b.yaml')).toEqual({ '#/P~1Q/r': '#/S' });
    expect(graph.overallOrder()).toEqual(['/a.yaml', '/b.yaml#/P~1Q', '/a.yaml#/c', '/b.yaml#/S']);
  });

  it.each([
    ['itself', { a: to('#/a') }],
    ['each other', { a: to('#/b'), b: to('#/c'), c: to('#/a') }],
    ['all around', { a: { b: to('#') } }],
    ['what is around', { a: { b: { c: to('#/a') } } }],
    ['what is around, by another', { a: { b: to('#/c') }, c: { d: to('#/a/e'), e: to('#/a') } }],
  ])('stay as they are where they lead to %s', (_, document) => {
    const rings = Object.entries(read({ 'x.json': document }).map('x.json'));
    for (const [from, onward] of rings) expect(`${from}/`.startsWith(`${onward}/`)).toBe(false);
    expect(JSON.stringify(read({ 'x.json': document }).resolved)).toContain('$ref');
  });

  it('through files, in a ring, with a way out', () => {
    const { map, resolved } = read({
      'a.yaml': { A: { b: to('b.yaml#/B') }, start: to('#/A') },
      'b.yaml': { B: { a: to('a.yaml#/A'), out: to('#/C') }, C: { n: 1 } },
    });
    expect(map('a.yaml')).toEqual({ '#/start': '#/A' });
    expect(map('b.yaml')).toEqual({ '#/B/out': '#/C' });
    expect(resolved).toEqual({ A: { b: to('b.yaml#/B') }, start: { b: to('b.yaml#/B') } });
  });

  it('in a chain of ten thousand are read without a deep stack', () => {
    const chain = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`s${at}`, { n: to(`#/s${at + 1}`) }]));
    const { graph } = documentReferences('x.json', new Map([['x.json', { ...chain, s10000: to('#/s0') }]]));
    expect(graph.getNodeData('/x.json').refMap).toEqual({});
    expect(graph.overallOrder()).toHaveLength(10_002);
  });

  it('with lone surrogates and percent signs throw nothing', () => {
    const { map } = read({ 'x.json': { '\uD800%': { a: to('#/b%') }, 'b%': 1 } });
    expect(map('x.json')).toEqual({ '#/\uD800%25/a': '#/b%25' });
  });
});
