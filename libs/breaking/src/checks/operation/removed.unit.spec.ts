import { describe, expect, it } from '@jest/globals';
import { document, idsOf, onlyChange } from '../../testing/documents.ts';

const plain = { responses: {} };
const removed = (operation: object, today = '2026-11-23') =>
  idsOf(document({ get: plain, post: { ...plain, ...operation } }), document({ get: plain }), { today });
const pathRemoved = (operation: object, today = '2026-11-23') =>
  idsOf(document({ post: { ...plain, ...operation } }), document(undefined), { today });

describe('removed operations', () => {
  it.each<[string, object, string[], string[]]>([
    ['without a word', {}, ['api-removed-without-deprecation'], ['api-path-removed-without-deprecation']],
    ['deprecated', { deprecated: true }, ['api-removed-with-deprecation'], ['api-path-removed-with-deprecation']],
    [
      'after its sunset',
      { deprecated: true, 'x-sunset': '2026-11-01' },
      ['api-removed-with-deprecation'],
      ['api-path-removed-with-deprecation'],
    ],
    [
      'before its sunset',
      { deprecated: true, 'x-sunset': '2026-12-01' },
      ['api-removed-before-sunset'],
      ['api-path-removed-before-sunset'],
    ],
    [
      'with a sunset that is no date',
      { deprecated: true, 'x-sunset': 'soon' },
      ['api-path-sunset-parse'],
      ['api-path-sunset-parse'],
    ],
    ['a draft', { 'x-stability-level': 'draft' }, [], []],
    [
      'beta',
      { 'x-stability-level': 'beta' },
      ['api-removed-without-deprecation'],
      ['api-path-removed-without-deprecation'],
    ],
  ])('%s', (_name, operation, one, whole) => {
    expect(removed(operation)).toEqual(one);
    expect(pathRemoved(operation)).toEqual(whole);
  });

  it('is told with its operation and its place in the base', () => {
    expect(onlyChange(document({ post: { ...plain, operationId: 'addPet' } }), document(undefined))).toEqual({
      key: 'api-path-removed-without-deprecation POST /pets/{id} base#/paths/~1pets~1{id}/post',
      id: 'api-path-removed-without-deprecation',
      level: 'error',
      operation: { method: 'POST', path: '/pets/{id}', id: 'addPet' },
      document: 'base',
      pointer: '/paths/~1pets~1{id}/post',
      message: 'POST /pets/{id} is gone and was never marked as deprecated',
      hint: expect.stringContaining('x-sunset') as unknown,
    });
  });

  it('knows a path by its shape, not by the names of its parameters', () => {
    const revision = { ...document(undefined), paths: { '/pets/{petId}': { post: plain } } };
    expect(idsOf(document({ post: plain }), revision)).toEqual([]);
  });
});
